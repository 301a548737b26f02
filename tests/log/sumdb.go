// Checks an exported log with golang.org/x/mod/sumdb/tlog: prints the root of each size named, and proves each leaf and
// each earlier size in the tree of the checkpoint, from nothing but the tiles.
//
//	sumdb LOG VKEY SIZE…
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type folder string

func (dir folder) Height() int { return 8 }

func (dir folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		// Go's own path begins with the height of a tile, which C2SP fixes at 8.
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(string(dir), path))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

func (dir folder) SaveTiles(tiles []tlog.Tile, data [][]byte) {}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// leaves reads every bundle of entries in order.
func leaves(dir folder, size int64) [][]byte {
	var all [][]byte
	for n := int64(0); int64(len(all)) < size; n++ {
		tile := tlog.Tile{H: 8, L: -1, N: n, W: 256}
		if rest := size - n*256; rest < 256 {
			tile.W = int(rest)
		}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		bytes, err := os.ReadFile(filepath.Join(string(dir), path))
		check(err)
		for len(bytes) > 0 {
			len := binary.BigEndian.Uint16(bytes)
			all = append(all, bytes[2:2+len])
			bytes = bytes[2+len:]
		}
	}
	return all
}

func main() {
	dir := folder(os.Args[1])
	verifier, err := note.NewVerifier(os.Args[2])
	check(err)
	text, err := os.ReadFile(filepath.Join(os.Args[1], "checkpoint"))
	check(err)
	signed, err := note.Open(text, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	hashes := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, dir)
	all := leaves(dir, size)
	for _, arg := range os.Args[3:] {
		part, err := strconv.ParseInt(arg, 10, 64)
		check(err)
		old, err := tlog.TreeHash(part, hashes)
		check(err)
		tree, err := tlog.ProveTree(size, part, hashes)
		check(err)
		check(tlog.CheckTree(tree, size, root, part, old))
		record, err := tlog.ProveRecord(size, part-1, hashes)
		check(err)
		check(tlog.CheckRecord(record, size, root, part-1, tlog.RecordHash(all[part-1])))
		fmt.Println(part, old, len(tree), len(record))
	}
}

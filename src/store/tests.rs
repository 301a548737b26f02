//! The store as a whole: what was committed is there, once, and is found.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::index::{Index, SEARCH_KIND};
use super::journal::{Extent, Journal};
use super::lock::Lock;
use super::opened::take_in;
use super::packs::PackRow;
use super::packs::memory::{Dice, Memory};
use super::*;
use crate::crypto::checksum::Sums;
use crate::crypto::keyslot::IndexKey;
use crate::crypto::{Digest, Secret};
use crate::format::id::RandomId;

#[path = "damage_tests.rs"]
mod damage;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    number: u64,
    object: RandomId,
    digest: Digest,
    len: u64,
}

impl Row for Note {
    const KIND: &'static str = "note";

    fn key(&self) -> Vec<u8> {
        self.number.to_be_bytes().to_vec()
    }
}

fn key(byte: u8) -> IndexKey {
    IndexKey::from_secret(&Secret::new([byte; 32]))
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn fresh() -> (TempDir, Store) {
    let dir = folder();
    let store = Store::create(dir.path(), &key(1)).unwrap();
    (dir, store)
}

fn reopen(dir: &TempDir) -> Store {
    Store::open(dir.path(), &key(1)).unwrap()
}

fn put(change: &mut Change<'_>, number: u64, bytes: &[u8], pool: Pool) -> StoredFile {
    let stored = change.put_file(&mut &bytes[..], pool, &mut |_| {}).unwrap();
    let note = Note { number, object: stored.object, digest: stored.digest, len: stored.len };
    change.put(&note).unwrap();
    stored
}

fn add(store: &mut Store, number: u64, bytes: &[u8], pool: Pool) -> StoredFile {
    let mut change = store.begin().unwrap();
    let stored = put(&mut change, number, bytes, pool);
    change.commit().unwrap();
    stored
}

fn read(store: &Store, object: &RandomId) -> Vec<u8> {
    let mut bytes = Vec::new();
    store.open_object(object).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn pack_files(dir: &TempDir) -> Vec<(String, u64)> {
    let mut files: Vec<_> = fs::read_dir(dir.path().join("packs"))
        .unwrap()
        .map(|e| e.unwrap())
        .map(|e| (e.file_name().into_string().unwrap(), e.metadata().unwrap().len()))
        .collect();
    files.sort();
    files
}

fn read_at(store: &Store, object: &RandomId, offset: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    store.object(object).unwrap().open_at(offset as u64).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn pattern(len: usize, seed: u64) -> Vec<u8> {
    let block = Dice::new(seed).bytes(65_521);
    block.iter().copied().cycle().take(len).collect()
}

#[test]
fn small_and_large_content_comes_back_byte_for_byte() {
    let (dir, mut store) = fresh();
    let sizes = [0, 1, INLINE_BYTES_MAX, INLINE_BYTES_MAX + 1, 1 << 20, (1 << 20) + 1, 3 << 20];
    let mut kept = Vec::new();
    for (number, size) in sizes.into_iter().enumerate() {
        let bytes = pattern(size, number as u64);
        let stored = add(&mut store, number as u64, &bytes, Pool::Items);
        assert!(stored.fresh);
        assert_eq!((stored.digest, stored.len), (Digest::of(&bytes), size as u64));
        kept.push((stored.object, bytes));
    }
    drop(store);
    let store = reopen(&dir);
    for (object, bytes) in &kept {
        assert!(read(&store, object) == *bytes, "{} bytes", bytes.len());
        assert_eq!(store.object(object).unwrap().checksum(), Sums::of(bytes).checksum);
        let mib = 1 << 20;
        for offset in
            [0, 1, INLINE_BYTES_MAX, mib - 1, mib, mib + 1, 2 * mib + 5, bytes.len(), bytes.len() + 9]
        {
            let rest = &bytes[offset.min(bytes.len())..];
            assert!(read_at(&store, object, offset) == rest, "{} bytes from {offset} on", bytes.len());
        }
    }
    assert_eq!(store.count::<Note>().unwrap(), sizes.len() as u64);
    assert!(store.check().unwrap().is_empty());
    assert_eq!(pack_files(&dir).len(), 1);
}

#[test]
fn a_large_object_spans_packs() {
    let (dir, mut store) = fresh();
    let first = add(&mut store, 0, &pattern(40 << 20, 1), Pool::Items);
    let bytes = pattern(100 << 20, 2);
    let stored = add(&mut store, 1, &bytes, Pool::Items);
    assert!(read(&store, &stored.object) == bytes);
    for offset in [0, 23 << 20, 24 << 20, (88 << 20) + 3, (100 << 20) - 1, 100 << 20] {
        assert!(read_at(&store, &stored.object, offset) == bytes[offset..], "from {offset} on");
    }
    let lens: Vec<u64> = pack_files(&dir).into_iter().map(|(_, len)| len).collect();
    assert_eq!(lens.len(), 3);
    assert!(lens.iter().all(|len| *len <= PACK_BYTES_MAX));
    let mut change = store.begin().unwrap();
    change.remove_object(&stored.object).unwrap();
    change.commit().unwrap();
    assert_eq!(pack_files(&dir).len(), 1);
    assert_eq!(read(&store, &first.object).len(), 40 << 20);
}

#[test]
fn equal_content_is_kept_once_and_goes_with_its_last_use() {
    let (dir, mut store) = fresh();
    for size in [100, 200_000, 3_000_000] {
        let bytes = pattern(size, 7);
        let first = add(&mut store, 1, &bytes, Pool::Items);
        let before = pack_files(&dir);
        let second = add(&mut store, 2, &bytes, Pool::Items);
        assert_eq!((second.object, second.fresh), (first.object, false));
        assert_eq!(pack_files(&dir), before);
        let rows: Vec<PackRow> = store.all().unwrap();
        assert_eq!(rows.iter().map(|r| (r.pack.to_string(), r.len)).collect::<Vec<_>>(), before);
        for used in [true, false] {
            let mut change = store.begin().unwrap();
            change.remove_object(&first.object).unwrap();
            change.commit().unwrap();
            assert_eq!(store.has_object(&first.object).unwrap(), used);
        }
        assert!(pack_files(&dir).is_empty());
        assert!(matches!(store.open_object(&first.object), Err(StoreError::NoObject { .. })));
        assert!(add(&mut store, 3, &bytes, Pool::Items).fresh);
        let mut change = store.begin().unwrap();
        let object = change.get::<Note>(&3u64.to_be_bytes()).unwrap().unwrap().object;
        change.remove_object(&object).unwrap();
        change.commit().unwrap();
    }
}

#[test]
fn each_outbox_object_has_packs_of_its_own() {
    let (dir, mut store) = fresh();
    let bytes = pattern(200_000, 3);
    let first = add(&mut store, 1, &bytes, Pool::Outbox);
    let second = add(&mut store, 2, &bytes, Pool::Outbox);
    assert_ne!(first.object, second.object);
    add(&mut store, 3, &bytes, Pool::Items);
    assert_eq!(pack_files(&dir).len(), 3);
    let mut change = store.begin().unwrap();
    change.remove_object(&first.object).unwrap();
    assert_eq!(pack_files(&dir).len(), 3);
    change.commit().unwrap();
    assert_eq!(pack_files(&dir).len(), 2);
    assert_eq!(read(&store, &second.object), bytes);
}

/// A laptop was taken, locked, with a bundle in its outbox: the pack was as long as the bundle on a stick, to one part in
/// thirty-two, and there were not many such sticks.
#[test]
fn in_the_outbox_a_bundle_has_the_length_of_many_others() {
    const MIB: usize = 1 << 20;
    let lengths = |len: usize| {
        let (dir, mut store) = fresh();
        let bytes = pattern(len, 7);
        let stored = add(&mut store, 1, &bytes, Pool::Outbox);
        let store = reopen_after(store, &dir);
        assert!(read(&store, &stored.object) == bytes);
        assert_eq!(store.check().unwrap(), []);
        let packs = fs::read_dir(dir.path().join("packs")).unwrap();
        let mut lengths: Vec<u64> = packs.map(|entry| entry.unwrap().metadata().unwrap().len()).collect();
        lengths.sort();
        assert_eq!(lengths.iter().sum::<u64>(), Pool::Outbox.packed_len(len as u64));
        lengths
    };
    // 16 bytes of seal for each MiB, and what does not fit in one pack lies in the next.
    let sealed = |mib: u64| mib * ((1 << 20) + 16);
    for len in [40_000, MIB + 9_000, 9 * MIB, 16 * MIB] {
        assert_eq!(lengths(len), [sealed(16)]);
    }
    assert_eq!(lengths(16 * MIB + 1), [sealed(32)]);
    assert_eq!(lengths(65 * MIB), [sealed(80) - super::PACK_BYTES_MAX, super::PACK_BYTES_MAX]);
}

fn reopen_after(store: Store, dir: &TempDir) -> Store {
    drop(store);
    reopen(dir)
}

#[test]
fn an_object_is_read_while_another_is_written() {
    let (_dir, mut store) = fresh();
    let bytes = pattern(2 << 20, 1);
    let first = add(&mut store, 1, &bytes, Pool::Items);
    let object = store.object(&first.object).unwrap();
    let mut change = store.begin().unwrap();
    let mut writer = change.create_object(Pool::Outbox).unwrap();
    std::io::copy(&mut object.open().unwrap(), &mut writer).unwrap();
    let copied = writer.finish(first.digest).unwrap();
    assert_eq!(read(&change, &copied.object), bytes);
    change.commit().unwrap();
}

#[test]
fn rows_are_ordered_paged_and_told_apart_by_prefix() {
    let (_dir, mut store) = fresh();
    let mut change = store.begin().unwrap();
    for number in 0..600u64 {
        let note = Note { number, object: RandomId::generate(), digest: Digest::of(b""), len: 0 };
        change.put(&note).unwrap();
    }
    change.delete::<Note>(&599u64.to_be_bytes()).unwrap();
    change.commit().unwrap();
    let numbers = |notes: Vec<Note>| notes.into_iter().map(|n| n.number).collect::<Vec<_>>();
    assert_eq!(numbers(store.all().unwrap()), (0..599).collect::<Vec<_>>());
    assert_eq!(numbers(store.page(None, 3).unwrap()), [598, 597, 596]);
    assert_eq!(numbers(store.page(Some(&596u64.to_be_bytes()), 2).unwrap()), [595, 594]);
    assert_eq!(numbers(store.all_under(&256u64.to_be_bytes()[..7]).unwrap()), (256..512).collect::<Vec<_>>());
    assert!(store.get::<Note>(&599u64.to_be_bytes()).unwrap().is_none());
}

#[test]
fn search_finds_whatever_was_typed() {
    let (_dir, mut store) = fresh();
    let mut change = store.begin().unwrap();
    change.index_text(1, "کتاب‌های قدیمی").unwrap();
    change.index_text(2, "He said \"no\" AND left in 1988").unwrap();
    change.index_text(3, "می روم به خانه").unwrap();
    change.index_text(4, "gone").unwrap();
    change.index_text(4, "Évin, ward 8").unwrap();
    change.commit().unwrap();
    for (query, found) in [
        ("كتاب", vec![1]),
        ("کتاب ها", vec![1]),
        ("کتابها", vec![1]),
        ("قديمي", vec![1]),
        ("قدیمی کتاب", vec![1]),
        ("۱۹۸۸", vec![2]),
        ("\"no\"", vec![2]),
        ("AND", vec![2]),
        ("no left", vec![2]),
        ("no right", vec![]),
        ("می‌روم", vec![3]),
        ("میروم", vec![3]),
        ("مي", vec![3, 1]),
        ("به", vec![3, 1]),
        ("خ", vec![3]),
        ("gone", vec![]),
        ("évin 8", vec![4]),
        ("e", vec![2]),
        ("text:", vec![]),
        ("evin*", vec![]),
        ("NEAR(no left)", vec![]),
        ("- ^ ( ) \" '", vec![]),
        ("", vec![]),
        (" \u{200c} ", vec![]),
    ] {
        assert_eq!(store.search(query).unwrap(), found, "{query}");
    }
    let mut change = store.begin().unwrap();
    change.unindex(3).unwrap();
    change.commit().unwrap();
    assert!(store.search("خانه").unwrap().is_empty());
    assert!(matches!(store.search(&"word ".repeat(40)), Err(StoreError::Limit { .. })));
}

#[test]
fn only_listed_files_all_private_and_nothing_readable() {
    let (dir, mut store) = fresh();
    let secret = "a word that must not be found on the disk";
    let mut change = store.begin().unwrap();
    put(&mut change, 1, secret.as_bytes(), Pool::Items);
    put(&mut change, 2, secret.repeat(2000).as_bytes(), Pool::Outbox);
    change.index_text(1, secret).unwrap();
    change.commit().unwrap();
    let mut names: Vec<String> = Vec::new();
    for entry in fs::read_dir(dir.path()).unwrap().chain(fs::read_dir(dir.path().join("packs")).unwrap()) {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, if meta.is_dir() { 0o700 } else { 0o600 });
        names.push(entry.file_name().into_string().unwrap());
        if meta.is_file() {
            let bytes = fs::read(entry.path()).unwrap();
            assert!(!bytes.windows(12).any(|w| w == &secret.as_bytes()[..12]), "{:?}", entry.path());
        }
    }
    names.retain(|name| name.parse::<RandomId>().is_err());
    names.sort();
    assert_eq!(names, ["index", "journal", "lock", "packs"]);
}

#[test]
fn a_second_opening_is_told_at_once() {
    let (dir, store) = fresh();
    assert!(matches!(Store::open(dir.path(), &key(1)), Err(StoreError::Busy { .. })));
    drop(store);
    reopen(&dir);
}

#[test]
fn neither_creating_twice_nor_opening_nothing() {
    let (dir, store) = fresh();
    drop(store);
    assert!(matches!(Store::create(dir.path(), &key(1)), Err(StoreError::Exists { .. })));
    let none = dir.path().join("none");
    assert!(Store::open(&none, &key(1)).is_err());
    assert!(!none.exists());
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Keyed(Vec<u8>);

impl Row for Keyed {
    const KIND: &'static str = "keyed";

    fn key(&self) -> Vec<u8> {
        self.0.clone()
    }
}

#[test]
fn rows_under_a_prefix_are_those_and_no_others() {
    let (_dir, mut store) = fresh();
    let keys: &[&[u8]] =
        &[b"", b"\0", b"a", b"a\0", b"a\xff", b"a\xff\xff", b"b", b"\xff", b"\xff\0", b"\xff\xff"];
    let mut change = store.begin().unwrap();
    keys.iter().for_each(|key| change.put(&Keyed(key.to_vec())).unwrap());
    change.commit().unwrap();
    for prefix in keys {
        let found: Vec<Vec<u8>> =
            store.all_under::<Keyed>(prefix).unwrap().into_iter().map(|row| row.0).collect();
        let expected: Vec<Vec<u8>> =
            keys.iter().filter(|key| key.starts_with(prefix)).map(|key| key.to_vec()).collect();
        assert_eq!(found, expected, "under {prefix:?}");
    }
}

/// What was kept before there were checksums has none, until somebody adds it again.
#[test]
fn what_is_added_again_has_a_checksum_from_then_on() {
    let (_dir, mut store) = fresh();
    let content = pattern(100_000, 1);
    let mut change = store.begin().unwrap();
    let first = change.put_claimed(&mut &content[..], Digest::of(&content).into(), &mut |_| {}).unwrap();
    assert_eq!(change.object(&first.object).unwrap().checksum(), None);
    let again = put(&mut change, 1, &content, Pool::Items);
    change.commit().unwrap();
    assert!(again.object == first.object && !again.fresh);
    assert_eq!(store.object(&first.object).unwrap().checksum(), Sums::of(&content).checksum);
}

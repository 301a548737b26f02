"""The tree of a log: its hashes, what a proof leads to, the tiles it lies in. docs/spec/log.md and RFC 6962."""

import hashlib
import re

from formats import checkpoint
from primitives import DIGEST, NUMBER, base64, demand, number, parsed


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def split(size):
    """How many leaves stand left of the root's middle: RFC 6962, section 2.1."""
    return 1 << (size - 1).bit_length() - 1


def included(hash, index, size, path):
    """The root that a hash and its path lead to: RFC 6962, section 2.1.1."""
    demand(index < size and (size > 1) == bool(path), "a place behind the end, or a proof of another length")
    if size == 1:
        return hash
    left, (*rest, beside) = split(size), path
    if index < left:
        return node(included(hash, index, left, rest), beside)
    return node(beside, included(hash, index - left, size - left, rest))


def grown(older, size, path, root=None):
    """The older root and the newer that a path leads to: RFC 6962, section 2.1.2. One that is known is not in it."""
    demand(bool(path) == (older < size or root is None), "a proof of another length")
    if older == size:
        demand(len(path) < 2, "a proof too long")
        return [root or path[0]] * 2
    left, (*rest, beside) = split(size), path
    if older <= left:
        first, second = grown(older, left, rest, root)
        return [first, node(second, beside)]
    return [node(beside, one) for one in grown(older - left, size - left, rest)]


def leaf(data):
    return parsed(f"sanduq-log/1 (ingest|card|event) {DIGEST}", data, "a leaf")


def hashes(lines):
    found = [base64(line) for line in lines.split("\n")[:-1]]
    demand(all(len(one) == 32 for one in found), "no hash")
    return found


def tlog_proof(data):
    """The leaf, its place, the path, the checkpoint."""
    shape = rf"c2sp\.org/tlog-proof@v1\n(?:extra (.+)\n)?index {NUMBER}\n((?:.{{44}}\n){{0,64}})\n((?s:.+))"
    demand(len(data) <= 278528, "too long")
    extra, index, path, below = parsed(shape, data, "a receipt")
    demand(len(base64(extra or "")) <= 4096, "too much in extra")
    checkpoint(below.encode())
    return base64(extra or ""), number(index), hashes(path), below.encode()


def tree(hashes):
    """The root over hashes of leaves, or of whole subtrees of one size: RFC 6962, section 2.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    left = split(len(hashes))
    return node(tree(hashes[:left]), tree(hashes[left:]))


def tiles(folder, level, count):
    """Each tile of a level that has so many: its bytes, the width of its file, and how many of it count."""
    for first in range(0, count, 256):
        width, digits = min(256, count - first), f"{first // 256:03}"
        threes = re.findall("...", "0" * (-len(digits) % 3) + digits)
        full = f"tile/{level}/" + "/".join([f"x{three}" for three in threes[:-1]] + threes[-1:])
        partial = full if width == 256 else f"{full}.p/{width}"
        demand(full in folder or partial in folder, f"{partial} is missing")
        yield folder.get(partial, folder.get(full)), width if partial in folder else 256, width


def tile(data, width=None):
    """The leaves of a tile."""
    leaves = []
    while data:
        end = 2 + int.from_bytes(data[:2], "big")
        demand(len(data) >= max(end, 2), "a leaf is cut short")
        leaves.append(data[2:end])
        data = data[end:]
    demand(len(leaves) == width if width else 1 <= len(leaves) <= 256, "another number of leaves")
    return leaves

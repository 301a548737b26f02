"""The formats that others are made of: archives, bags and lists, signed notes and policies, the tree of a log.

Each function reads what its section's pages of docs/spec say, and raises Refused for anything else.
"""

import hashlib
import re
import struct

from primitives import CONTROLS, DIGEST, NUMBER, base64, demand, ed25519, mldsa, number, parsed, sha256, steers, strong


# --- archive.md, bag.md, digest-list.md

PART = 2**32 - 1
LABELS = ["Format-Version", "Payload-Oxum", "Disclosure-SHA256", "Author-Commit-SHA256", "Proof-Commit-SHA256"]


def member_name(text):
    part = "[a-z0-9_]([a-z0-9._-]*[a-z0-9_-])?"
    demand(len(text) <= 100 and parsed(f"{part}(/{part})*", text, "a name of a member"), "a name too long")


def digest_list(data):
    parsed("(?:.+\n)+", data, "a list")
    found = [parsed(f"{DIGEST}  (.+)", line, "a line of a list")[::-1] for line in data.decode().split("\n")[:-1]]
    for name, _ in found:
        member_name(name)
    demand(len(dict(found)) == len(found) <= 262144, "a name twice, or too many")
    return found


def header(name, length):
    start = struct.pack("100s8s8s8s12s12s", name, b"0000644", b"0000000", b"0000000", b"%011o" % length, b"0" * 11)
    rest = struct.pack("c100s8s64s8s8s167s", b"0", b"", b"ustar\x0000", b"", b"0000000", b"0000000", b"")
    return start + b"%06o\0 " % (sum(start + rest) + 8 * 32) + rest


def archive(data, zeros_may_follow=True):
    """Names and bodies, in their order."""
    members, folders, at = {}, set(), 0
    while len(data) >= at + 512 and data[at : at + 512] != bytes(512):
        name, size = data[at : at + 100].rstrip(b"\0"), data[at + 124 : at + 135]
        demand(re.fullmatch(b"[0-7]{11}", size) and int(size, 8) <= PART, "no length")
        demand(data[at : at + 512] == header(name, int(size, 8)), "a header in another spelling")
        member_name(name)
        name, start, end = name.decode(), at + 512, at + 512 + int(size, 8)
        at = end + -end % 512
        demand(at <= len(data) and not any(data[end:at]), "a body cut short, or filled with something")
        above = {name[: slash.start()] for slash in re.finditer("/", name)}
        demand(name not in members and name not in folders and not above & members.keys(), "a name twice")
        members[name] = data[start:end]
        folders |= above
    demand(len(data) >= at + 1024 and not any(data[at:]), "an end that is missing, or bytes behind it")
    demand(zeros_may_follow or len(data) == at + 1024, "zeros behind the end")
    return members


def bag_info(data):
    value = "([!-~]|[!-~][ -~]{0,254}[!-~])"
    return dict(zip(LABELS, parsed("".join(f"{label}: {value}\n" for label in LABELS), data, "a bag-info.txt")))


# --- note.md

# 9999-12-31T23:59:59Z, in seconds since 1970: the last moment of time.
LAST_MOMENT = 253402300799
NAME = rf"([^\s+{CONTROLS}]+)"


def short(text, most):
    demand(1 <= len(text.encode()) <= most, "nothing, or too long")
    return text


def vkey(text, kinds=(1, 4, 6)):
    """Name, id, kind and key."""
    name, key_id, key = parsed(rf"{NAME}\+([0-9a-f]{{8}})\+(.+)", text, "a key of a log")
    key = base64(key)
    demand(key and key[0] in kinds and len(key) == {6: 1313}.get(key[0], 33), "a key of another kind")
    demand(sha256(short(name, 255 if key[0] == 6 else 256).encode() + b"\n" + key)[:8] == key_id, "another id")
    demand(not steers(name), "a name that steers")
    return name, bytes.fromhex(key_id), key[0], key[1:] if key[0] == 6 else strong(key[1:])


def note(data):
    """The text, and of each signature its name, id and bytes."""
    demand(len(data) <= 262144, "too long")
    text, below = parsed(rf"((?s:.*\n))\n((?:— {NAME} .+\n){{1,64}})", data, "a note")[:2]
    demand(not re.search(f"[{CONTROLS}]", (text + below).replace("\n", "")), "a control character")
    found = [(short(name, 256), base64(blob)) for name, blob in re.findall(f"— {NAME} (.+)\n", below)]
    demand(all(len(blob) > 4 for _, blob in found), "a signature of nothing")
    return text, [(name, blob[:4], blob[4:]) for name, blob in found]


def checkpoint(data):
    """The origin, the size and root, the text and its signatures."""
    text, signatures = note(data)
    origin, size, root = parsed(f"{NAME}\n{NUMBER}\n(.{{44}})\n", text, "a checkpoint")
    demand(len(base64(root)) == 32 and not steers(origin), "no root, or a name that steers")
    return short(origin, 256), number(size), base64(root), text, signatures


def signed(key, text, signatures):
    """Whether a known key signed. What stands under its name and id must hold."""
    name, key_id, kind, public = key
    found = [signature for *by, signature in signatures if by == [name, key_id]]
    for signature in found:
        time = int.from_bytes(signature[:8], "big")
        if kind == 1:
            ed25519(public, signature, text.encode())
        elif kind == 4:
            ed25519(public, signature[8:], f"cosignature/v1\ntime {time}\n{text}".encode())
        else:
            mldsa(public, signature[8:], subtree(name, time, text))
        demand(kind == 1 or time <= LAST_MOMENT, "a time that no clock shows")
    return bool(found)


def subtree(cosigner, time, text):
    """What an ML-DSA-44 key signs of a checkpoint."""
    origin, size, root = text.split("\n")[:3]
    message = b"subtree/v1\n\0"
    for name, then in ((cosigner, time), (origin, 0)):
        demand(len(name.encode()) <= 255, "a name too long")
        message += bytes([len(name.encode())]) + name.encode() + struct.pack(">Q", then)
    return message + struct.pack(">Q", int(size)) + base64(root)


def policy(data):
    """Its logs; its witnesses by name; its quorum: a witness's name, or how many of which."""
    demand(len(data) <= 32768, "too long")
    lines, quorum = parsed("((?:.+\n)*)quorum ([^ ]+)\n", data, "a policy")
    url = "(?: [!-~]{1,256})?"
    shape = f"log ([^ ]+){url}|witness ([^ ]+) ([^ ]+){url}|group ([^ ]+) ([^ ]+) (.+)"
    logs, witnesses, known, members = [], {}, {"none": (0, [])}, set()
    for line in lines.split("\n")[:-1]:
        log, witness, key, group, count, inside = parsed(shape, line, "a line of a policy")
        if log:
            logs.append(vkey(log, [1]))
            continue
        name = short(witness or group, 64)
        demand(name not in known and not re.search(f"[{CONTROLS}]", name), "a name twice, or no name")
        if witness:
            known[name], witnesses[name] = name, vkey(key, [4, 6])
            continue
        inside = inside.split(" ")
        demand(all(one in known and one != "none" for one in inside), "a member that is not defined")
        demand(len(set(inside)) == len(inside) and not members & set(inside), "a member twice")
        count = {"all": str(len(inside)), "any": "1"}.get(count, count)
        demand(1 <= number(*parsed(NUMBER, count, "a count")) <= len(inside), "more than there are")
        known[name] = int(count), [known[one] for one in inside]
        members |= set(inside)
    for keys in (logs, list(witnesses.values())):
        demand(len({key[3] for key in keys}) == len(keys), "a key twice")
    demand(len(logs) <= 64 and len(known) - 1 <= 64, "too many lines")
    demand(quorum in known, "a quorum that is not defined")
    # A further key of a log that is listed watches nobody.
    own = {name for name, key in witnesses.items() if key[0] in [log[0] for log in logs]}
    others = len(witnesses) - len(own)
    enough = quorum == "none" or not others or 2 * fewest(known[quorum], own) > others
    demand(enough, "no more than half of the witnesses")
    return logs, witnesses, known[quorum]


def fewest(quorum, own):
    if isinstance(quorum, str):
        return int(quorum not in own)
    return sum(sorted(fewest(one, own) for one in quorum[1])[: quorum[0]])


def met(quorum, by):
    return quorum in by if isinstance(quorum, str) else sum(met(one, by) for one in quorum[1]) >= quorum[0]


# --- log.md, receipt.md


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def included(leaf, fn, size, path):
    """The root that a proof of inclusion leads to: RFC 9162, section 2.1.3.2."""
    demand(fn < size, "a place behind the end")
    sn, r = size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for p in path:
        demand(sn, "a proof too long")
        r = node(p, r) if fn & 1 or fn == sn else node(r, p)
        while fn == sn and fn and not fn & 1:
            fn, sn = fn >> 1, sn >> 1
        fn, sn = fn >> 1, sn >> 1
    demand(not sn, "a proof too short")
    return r


def grown(first, first_root, second, second_root, path):
    """RFC 9162, section 2.1.4.2."""
    demand(first <= second, "it shrank")
    empty = hashlib.sha256().digest()
    demand(first or first_root == empty, "an empty log of another root")
    demand(first < second or first_root == second_root, "two roots of one size")
    if first in (0, second):
        return demand(not path, "a proof too long")
    path = path if first & first - 1 else [first_root, *path]
    demand(path, "a proof too short")
    fn, sn, fr, sr = first - 1, second - 1, path[0], path[0]
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    for c in path[1:]:
        demand(sn, "a proof too long")
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    demand(not sn and (fr, sr) == (first_root, second_root), "another history")


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

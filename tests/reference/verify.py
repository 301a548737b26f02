"""A second reading of docs/spec: judges what travels with Python and pyca cryptography, and with nothing of ours.

  verify.py KIND FILE…   whether the FILEs, as the function of that name wants them, hold: exit code 0 or 1. A folder
                         stands for the files in it. The kinds that travel: bundle, card, receipt, proof, disclosure
                         (its folder; the day on which it is judged), log (its folder, a card, older heads or folders)
  verify.py -            one case after another from standard input: a line with KIND and, of each FILE, its length, or
                         the path of a folder; then the bytes of those with a length. A verdict for each

A verdict is the line "holds" or "refused: WHY". A kind is one function, which raises Refused; any other exception is a
mistake in here and no verdict. What a function reads is the page of docs/spec that its section names, and no more.
"""

import datetime
import hashlib
import json
import re
import struct
import sys
from base64 import b64decode, b64encode
from calendar import monthrange
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey


class Refused(Exception):
    pass


def demand(truth, why):
    if not truth:
        raise Refused(why)


# --- README.md: one spelling of everything

NUMBER, DIGEST, HEX = "(0|[1-9][0-9]{0,19})", "([0-9a-f]{64})", "[0-9a-f]{64}"
CONTROLS = r"\x00-\x1f\x7f-\x9f"
STEERING = (
    rf"[{CONTROLS}\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
PLAIN = rf"([^\s+{CONTROLS}]+)"


def parsed(pattern, data, what):
    """The groups of a pattern that is the whole text; a dot is any character but a line feed."""
    try:
        found = re.fullmatch(pattern, data if isinstance(data, str) else data.decode())
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None
    demand(found, f"not {what}")
    return found.groups()


def number(text):
    demand(int(text) < 2**64, "a number above 64 bits")
    return int(text)


def base64(text, filled=True):
    text += "" if filled else "=" * (-len(text) % 4)
    parsed("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", text, "base64")
    demand(b64encode(b64decode(text)).decode() == text, "base64 in another spelling")
    return b64decode(text)


def steers(text):
    return re.search(STEERING, text)


def short(text, most):
    demand(1 <= len(text.encode()) <= most, "nothing, or too long")
    return text


def day(text):
    """A day that the calendar has."""
    year, month, at = map(int, parsed("([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})", text, "a day"))
    demand(1 <= at <= monthrange(year, month)[1], "no such day")
    return text


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- sshsig.md: keys and signatures

P = 2**255 - 19
# The y of the points of order 8; with 0, 1 and -1 these are all points of small order.
Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SIZES = {"ssh-ed25519": (32, 64), "ssh-mldsa44-ed25519": (1344, 2484)}
ENVELOPE = "-----BEGIN SSH SIGNATURE-----\n((?:.{70}\n)*.{1,70}\n)-----END SSH SIGNATURE-----\n"


def strong(key):
    y = int.from_bytes(key, "little") % 2**255
    demand(y < P and y not in (0, 1, P - 1, Y8, P - Y8), "a weak key")
    return key


def holds(kind, key, signature, *message):
    try:
        kind.from_public_bytes(key).verify(signature, *message)
    except InvalidSignature:
        raise Refused("a signature does not hold") from None


def strings(blob, count):
    """SSH's strings, each behind its length."""
    for _ in range(count):
        end = 4 + int.from_bytes(blob[:4], "big")
        demand(len(blob) >= end, "a string is cut short")
        yield blob[4:end]
        blob = blob[end:]
    demand(not blob, "bytes left over")


def ssh_key(blob):
    kind, key = strings(blob, 2)
    kind = kind.decode("latin-1")
    demand(kind in SIZES and len(key) == SIZES[kind][0], "no key of ours")
    return kind, key[:-32] + strong(key[-32:])


def key_line(line, kind="ssh-ed25519"):
    key = ssh_key(base64(*parsed(f"{kind} (.+)", line, f"a line of {kind}")))
    demand(key[0] == kind, "a key of another kind than its line")
    return key


def key_pair(lines):
    return [key_line(line, kind) for line, kind in zip(lines, SIZES, strict=True)]


def sshsig(envelope, role="sanduq-bundle", key=None, message=None):
    """A signature in its envelope; where a key and a message are given, theirs."""
    (body,) = parsed(ENVELOPE, envelope, "an envelope")
    blob = base64(body.replace("\n", ""))
    demand(blob[:10] == b"SSHSIG\0\0\0\1", "another version")
    signer, *head, inner = strings(blob[10:], 5)
    demand(head == [role.encode(), b"", b"sha512"], "another role or hash")
    kind, public = ssh_key(signer)
    algorithm, signature = strings(inner, 2)
    demand(algorithm == kind.encode() and len(signature) == SIZES[kind][1], "a signature of another kind")
    if key is None:
        return
    demand(key == (kind, public), "signed by another key")
    parts = [*head, hashlib.sha512(message).digest()]
    signed = b"SSHSIG" + b"".join(struct.pack(">I", len(part)) + part for part in parts)
    if len(public) > 32:
        label = b"COMPSIG-MLDSA44-Ed25519-SHA512"
        signed = b"CompositeAlgorithmSignatures2025" + label + b"\0" + hashlib.sha512(signed).digest()
        holds(MLDSA44PublicKey, public[:1312], signature[:2420], signed, label)
    holds(Ed25519PublicKey, public[-32:], signature[-64:], signed)


def signed_twice(signatures, role, keys, message):
    for envelope, key in zip(signatures, keys, strict=True):
        sshsig(envelope, role, key, message)


# --- sealed-file.md, padding.md


def bech32(text, prefix):
    alphabet, check = "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 1
    values = [alphabet.index(c) for c in parsed(f"{prefix}1([{alphabet}]{{6,}})", text, f"Bech32 of {prefix}")[0]]
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= factor * (top >> bit & 1)
    bits = "".join(f"{value:05b}" for value in values[:-6])
    left = len(bits) % 8
    demand(check == 1 and left < 5 and "1" not in bits[len(bits) - left :], "a checksum or the last bits do not hold")
    return int("0" + bits[: len(bits) - left], 2).to_bytes(len(bits) // 8, "big")


def recipient(text):
    key = bech32(text, "age1pq")
    demand(len(key) == 1184 + 32, "no recipient")
    threes = [int.from_bytes(key[at : at + 3], "little") for at in range(0, 1152, 3)]
    demand(all(three & 4095 < 3329 and three >> 12 < 3329 for three in threes), "a coefficient that is not reduced")
    demand(int.from_bytes(key[1184:], "little") < P, "an X25519 key that is not canonical")
    try:
        X25519PrivateKey.from_private_bytes(bytes(32)).exchange(X25519PublicKey.from_public_bytes(key[1184:]))
    except ValueError:
        raise Refused("an X25519 key of small order") from None


def sealed(head):
    shape = "age-encryption.org/v1\n-> mlkem768x25519 (.{1494})\n(.{43})\n--- (.{43})\n"
    for text in parsed(shape, head[:1627].decode("latin-1"), "a sealed file"):
        base64(text, filled=False)


def sealed_len(length):
    return 1627 + 16 + length + 16 * max(1, -(-length // 65536))


def padded(length):
    length = max(length, 1 << 20)
    e = length.bit_length() - 1
    step = 1 << e - e.bit_length()
    return -(-length // step) * step


def padding(data):
    for length, longer in re.findall("(.+) (.+)\n", data.decode()):
        demand(padded(int(length)) == int(longer), "another class")


# --- archive.md, digest-list.md, bag.md

PART = 2**32 - 1
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def name(text):
    part = "[a-z0-9_]([a-z0-9._-]*[a-z0-9_-])?"
    demand(len(text) <= 100 and parsed(f"{part}(/{part})*", text, "a name of a member"), "a name too long")


def digest_list(data):
    parsed("(?:.+\n)+", data, "a list")
    found = [parsed(f"{DIGEST}  (.+)", line, "a line of a list")[::-1] for line in data.decode().split("\n")[:-1]]
    for one, _ in found:
        name(one)
    demand(len(dict(found)) == len(found) <= 262144, "a name twice, or too many")
    return dict(found)


def listing(files, names):
    """The digest list of these files."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in names).encode()


def header(name, length):
    start = struct.pack("100s8s8s8s12s12s", name, b"0000644", b"0000000", b"0000000", b"%011o" % length, b"0" * 11)
    rest = struct.pack("c100s8s64s8s8s167s", b"0", b"", b"ustar\x0000", b"", b"0000000", b"0000000", b"")
    return start + b"%06o\0 " % (sum(start + rest) + 8 * 32) + rest


def archive(data, zeros_may_follow=True):
    """Names and bodies, in their order."""
    members, folders, at = {}, set(), 0
    while len(data) >= at + 512 and data[at : at + 512] != bytes(512):
        called, size = data[at : at + 100].rstrip(b"\0"), data[at + 124 : at + 135]
        demand(re.fullmatch(b"[0-7]{11}", size) and int(size, 8) <= PART, "no length")
        demand(data[at : at + 512] == header(called, int(size, 8)), "a header in another spelling")
        name(called)
        called, start, end = called.decode(), at + 512, at + 512 + int(size, 8)
        at = end + -end % 512
        demand(at <= len(data) and not any(data[end:at]), "a body cut short, or filled with something")
        above = {called[: slash.start()] for slash in re.finditer("/", called)}
        demand(called not in members.keys() | folders and not above & members.keys(), "a name twice")
        members[called] = data[start:end]
        folders |= above
    demand(len(data) >= at + 1024 and not any(data[at:]), "an end that is missing, or bytes behind it")
    demand(zeros_may_follow or len(data) == at + 1024, "zeros behind the end")
    return members


def bag_info(data, values):
    """The values of a bag-info.txt, by what each label's value is."""
    shape = "".join(f"{label}: {value}\n" for label, value in values.items())
    found = dict(zip(values, parsed(shape, data, "a bag-info.txt")))
    for count in found.get("Payload-Oxum", "").split("."):
        number(count or "0")
    return found


# --- note.md

# 9999-12-31T23:59:59Z, in seconds since 1970: the last moment of time.
LAST_MOMENT = 253402300799


def vkey(text, kinds=(1, 4, 6)):
    """Name, id, kind and key."""
    called, key_id, key = parsed(rf"{PLAIN}\+([0-9a-f]{{8}})\+(.+)", text, "a key of a log")
    key = base64(key)
    demand(key and key[0] in kinds and len(key) == {6: 1313}.get(key[0], 33), "a key of another kind")
    demand(sha256(short(called, 255 if key[0] == 6 else 256).encode() + b"\n" + key)[:8] == key_id, "another id")
    demand(not steers(called), "a name that steers")
    return called, bytes.fromhex(key_id), key[0], key[1:] if key[0] == 6 else strong(key[1:])


def note(data):
    """The text, and of each signature its name, id and bytes."""
    demand(len(data) <= 262144, "too long")
    text, below = parsed(rf"((?s:.*\n))\n((?:— {PLAIN} .+\n){{1,64}})", data, "a note")[:2]
    demand(not re.search(f"[{CONTROLS}]", (text + below).replace("\n", "")), "a control character")
    found = [(short(by, 256), base64(blob)) for by, blob in re.findall(f"— {PLAIN} (.+)\n", below)]
    demand(all(len(blob) > 4 for _, blob in found), "a signature of nothing")
    return text, [(by, blob[:4], blob[4:]) for by, blob in found]


def checkpoint(data):
    """The origin, the size and root, the text and its signatures."""
    text, signatures = note(data)
    origin, size, root = parsed(f"{PLAIN}\n{NUMBER}\n(.{{44}})\n", text, "a checkpoint")
    demand(len(base64(root)) == 32 and not steers(origin), "no root, or a name that steers")
    return short(origin, 256), number(size), base64(root), text, signatures


def signed(key, text, signatures):
    """Whether a known key signed. What stands under its name and id must hold."""
    called, key_id, kind, public = key
    found = [signature for *by, signature in signatures if by == [called, key_id]]
    for signature in found:
        time, signature = (0, signature) if kind == 1 else (int.from_bytes(signature[:8], "big"), signature[8:])
        demand(time <= LAST_MOMENT, "a time that no clock shows")
        demand(len(signature) == {6: 2420}.get(kind, 64), "a signature of another length")
        timed = f"cosignature/v1\ntime {time}\n{text}" if kind == 4 else text
        if kind == 6:
            holds(MLDSA44PublicKey, public, signature, subtree(called, time, text))
        else:
            holds(Ed25519PublicKey, public, signature, timed.encode())
    return bool(found)


def subtree(cosigner, time, text):
    """What an ML-DSA-44 key signs of a checkpoint."""
    origin, size, root = text.split("\n")[:3]
    message = b"subtree/v1\n\0"
    for called, then in ((cosigner, time), (origin, 0)):
        message += bytes([len(short(called, 255).encode())]) + called.encode() + struct.pack(">Q", then)
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
        called = short(witness or group, 64)
        demand(called not in known and not re.search(f"[{CONTROLS}]", called), "a name twice, or no name")
        if witness:
            known[called], witnesses[called] = called, vkey(key, [4, 6])
            continue
        inside = inside.split(" ")
        demand(all(one in known and one != "none" for one in inside), "a member that is not defined")
        demand(len(set(inside)) == len(inside) and not members & set(inside), "a member twice")
        count = {"all": str(len(inside)), "any": "1"}.get(count, count)
        demand(1 <= number(*parsed(NUMBER, count, "a count")) <= len(inside), "more than there are")
        known[called] = int(count), [known[one] for one in inside]
        members |= set(inside)
    for keys in (logs, witnesses.values()):
        demand(len({key[3] for key in keys}) == len(keys) <= 64, "a key twice, or too many")
    demand(len(known) - 1 <= 64 and quorum in known, "too many lines, or a quorum that is not defined")
    # A further key of a log that is listed watches nobody.
    own = {called for called, key in witnesses.items() if key[0] in [log[0] for log in logs]}
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


# --- card.md

TERMS = f"""sanduq-card/1
name: (.+)
serial: {NUMBER}
valid-until: (.+)
threshold: {NUMBER}
((?:officer: .+\n){{1,5}})log: (.+)
((?:policy: .+\n)+)"""
KEYS = "((?s:.*))key: (.+)\npq-key: (.+)\n(?:formerly: (.+)\nformerly-pq: (.+)\n)?"


def officer(line):
    to, *keys = parsed("([^ ]+) ([^ ]+ [^ ]+) ([^ ]+ [^ ]+)", line, "an officer")
    recipient(to)
    return [to, *key_pair(keys), sha256("".join(f"{key}\n" for key in keys).encode())]


def draft(data):
    """The log's key, the witnesses, the quorum, the officers."""
    demand(len(data) <= 65536, "too long")
    called, serial, until, threshold, officers, log, lines = parsed(TERMS, data, "a draft")
    demand(len(called.encode()) <= 200 and called == called.strip() and not steers(called), "no name")
    demand(1 <= int(serial) <= 10**9 and day(until) >= "1970", "no serial, or a day before time")
    officers = [officer(line) for line in re.findall("officer: (.+)\n", officers)]
    demand(1 <= int(threshold) <= len(officers), "no threshold")
    demand(all(len(set(column)) == len(column) for column in zip(*officers)), "an officer twice")
    logs, witnesses, quorum = policy(re.sub("(?m)^policy: ", "", lines))
    log = vkey(log, [1])
    demand(all(one == log for one in logs), "a policy of another log")
    named = logs or all(key[0] != log[0] for key in witnesses.values())
    demand(named, "a further key of a log that the policy does not name")
    return log, witnesses, quorum, officers


def card(data):
    """What a draft gives, of a card that is signed."""
    demand(len(data) <= 65536, "too long")
    text = data.partition(ENVELOPE[:30].encode())[0]
    terms, *lines = parsed(KEYS, text, "a card")
    lines = [line for line in lines if line]
    envelopes = parsed(f"({ENVELOPE})" * len(lines), data[len(text) :], "as many signatures as keys")[::2]
    keys = key_pair(lines[:2]) + (key_pair(lines[2:]) if lines[2:] else [])
    demand(keys[:2] != keys[2:], "the key before is the same")
    signed_twice(envelopes, "sanduq-card", keys, text)
    return draft(terms)


# --- bundle.md

TAGS = ["bagit.txt", "bag-info.txt", "signer.pub"] + [f"quorum/{place:02}.age" for place in range(1, 11)]
LISTS = ["manifest-sha256.txt", "tagmanifest-sha256.txt"]
SIGNATURES = [LISTS[1] + ".sig", LISTS[1] + ".pq.sig"]
COMMITS = ["Disclosure-SHA256", "Author-Commit-SHA256", "Proof-Commit-SHA256"]
OXUM = r"((?:0|[1-9][0-9]{0,19})\.(?:0|[1-9][0-9]{0,19}))"


def signer(data):
    *lines, back = parsed("(.+)\n(.+)\n(.+)\n", data, "a signer.pub")
    recipient(back)
    return key_pair(lines)


def bag(data):
    """The bag-info.txt of a bundle."""
    return bag_info(data, {"Format-Version": "(sanduq-bundle/1)", "Payload-Oxum": OXUM} | dict.fromkeys(COMMITS, DIGEST))


def outside(members):
    """The id of a bundle, by its members but the payload, and what its bag-info.txt says."""
    demand(members[LISTS[1]] == listing(members, TAGS + LISTS[:1]), "the tag manifest is not what is there")
    demand(members["bagit.txt"] == DECLARATION, "another declaration")
    signed_twice([members[one] for one in SIGNATURES], "sanduq-bundle", signer(members["signer.pub"]), members[LISTS[1]])
    return sha256(members[LISTS[1]]), bag(members["bag-info.txt"])


def bundle(data):
    """The id."""
    members = archive(data, zeros_may_follow=False)
    payload = [one for one in members if one.startswith("data/")]
    lengths = [len(members[one]) for one in payload]
    total = sum(lengths)
    parts = [f"data/payload.age.{place:03}" for place in range(1, len(payload) + 1)]
    demand(payload == (parts if total > PART else ["data/payload.age"]), "not the payload or its parts")
    demand(len(payload) <= 999 and all(length == PART for length in lengths[:-1]), "a part of another length")
    demand(list(members) == TAGS + payload + LISTS + SIGNATURES, "other members, or in another order")
    demand(all(len(members[one]) == 10610 for one in TAGS[3:]), "a quorum file of another length")
    demand(members[LISTS[0]] == listing(members, payload), "the manifest is not what is there")
    bundle_id, info = outside(members)
    demand(info["Payload-Oxum"] == f"{total}.{len(payload)}", "another Payload-Oxum")
    sealed(members[payload[0]])
    content = total - 1643 - 16 * -(-(total - 1643) // (65536 + 16))
    demand(content == padded(content) and sealed_len(content) == total, "no padding class")
    return bundle_id


# --- log.md, receipt.md


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def included(leaf, fn, size, path):
    """The root that a proof of inclusion leads to: RFC 9162, section 2.1.3.2."""
    demand(fn < size, "a place behind the end")
    sn, r = size - 1, leaf_hash(leaf)
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
    demand(first or first_root == hashlib.sha256().digest(), "an empty log of another root")
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


def signed_head(data, log):
    """Size, root, text and signatures of a checkpoint that this log signed."""
    origin, *head, text, signatures = checkpoint(data)
    demand(origin == log[0] and signed(log, text, signatures), "not signed by this log")
    return *head, text, signatures


def head(data, by):
    """Size and root of a checkpoint that counts under a card."""
    log, witnesses, quorum, _ = card(by)
    size, root, text, signatures = signed_head(data, log)
    demand(met(quorum, {one for one, key in witnesses.items() if signed(key, text, signatures)}), "too few witnesses")
    return size, root


def receipt(data, by, about):
    extra, index, path, below = tlog_proof(data)
    size, root = head(below, by)
    demand(included(extra, index, size, path) == root, "the leaf does not lead to the root")
    bundle_id = bundle(about) if len(about) > 65 else parsed(f"{DIGEST}\n", about, "an id")[0]
    demand(extra == f"sanduq-log/1 ingest {bundle_id}".encode(), "a receipt for something else")


def consistency(older, newer, by, path):
    """Two heads of one log, and a proof in lines of base64 that one grew out of the other."""
    grown(*head(older, by), *head(newer, by), hashes(*parsed("((?:.+\n)*)", path, "lines")))


def tree(hashes):
    """The root over hashes of leaves, or of whole subtrees of one size: RFC 6962, section 2.1."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(tree(hashes[:split]), tree(hashes[split:]))


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


def log(folder, by, *olders):
    """A folder of tiles against a card, and against heads that were shown before: checkpoints, or folders of them."""
    size, root = head(folder.get("checkpoint", b""), by)
    demand(size <= 1 << 24, "too many leaves")
    leaves = [one for data, there, width in tiles(folder, "entries", size) for one in tile(data, there)[:width]]
    for one in leaves:
        leaf(one)
    demand(len(set(leaves)) == size, "a leaf twice")
    level = first = [leaf_hash(one) for one in leaves]
    demand(tree(first) == root, "the leaves make another root")
    for number in range(8):
        found = b"".join(data[: 32 * width] for data, _, width in tiles(folder, number, len(level)))
        demand(found == b"".join(level), "a tile is not what the leaves make")
        level = [tree(level[at : at + 256]) for at in range(0, len(level) - 255, 256)]
    for older in olders:
        older = older.get("checkpoint", b"") if isinstance(older, dict) else older
        old_size, old_root, *_ = signed_head(older, card(by)[0])
        demand(old_size <= size, "it was longer")
        demand(tree(first[:old_size]) == old_root, "another history than was shown")


# --- proof.md


def proof_text(data):
    shape = f"sanduq-proof/1\nbundle: {DIGEST}\nchallenge: (.+)\nkey: (.+)\n\n((?s:.+))\n"
    about, challenge, key, said = parsed(shape, data, "a proof")
    for text, most in ((challenge, 1024), (said, 16384)):
        demand(len(text.encode()) <= most and text == text.strip(), "too long, or white space at an end")
        demand(not steers(text.replace("\n", "")), "a text that steers")
    return about, challenge, key, key_line(key)


def proof(data, signature, tag_manifest, info, challenge=None):
    """A proof and its signature, by two members of the bundle that it is about, and the challenge that was put."""
    bundle_id, asked, line, key = proof_text(data)
    demand(challenge in (None, asked.encode()), "another challenge")
    demand(bundle_id == sha256(tag_manifest), "about another bundle")
    demand(digest_list(tag_manifest).get("bag-info.txt") == sha256(info), "a bag-info.txt of another bundle")
    demand(bag(info)["Proof-Commit-SHA256"] == sha256(line.encode() + b"\n"), "another key than was promised")
    sshsig(signature, "sanduq-proof", key, data)


def signature(envelope, line, message):
    """A signature in the role of bundles, by the key on this line, over this message."""
    (line,) = parsed("(.+)\n", line, "a line")
    sshsig(envelope, "sanduq-bundle", key_line(line, line.split(" ")[0]), message)


# --- unit.md, record.md


def text(most, least=0):
    return lambda value: isinstance(value, str) and least <= len(value.encode()) <= most


def count(least, end):
    return lambda value: type(value) is int and least <= value < end


def among(*values):
    return lambda value: isinstance(value, str) and value in values


def spelled(pattern):
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def flag(value):
    return isinstance(value, bool)


def when(value):
    """A year, a month or a day."""
    return isinstance(value, str) and bool(day(value + "-01-01"[len(value) - 4 :] if len(value) in (4, 7) else value))


POSITION = count(1, 2**32)
UNITS = {
    "consent": {
        "share": among("organisation", "court", "public"),
        "name": among("never", "pseudonym", "named"),
        "not-before": lambda value: value is None or isinstance(value, str) and day(value) >= "1970",
        "contact": flag,
    },
    "pseudonym": text(4096, 1),
    "consent-words": text(16384),
    "kind": among("testimony", "document"),
    "title": text(4096),
    "date": {"day": when, "sure": among("certain", "about", "uncertain")},
    "place": text(4096),
    "person": {"position": POSITION, "name": text(4096)},
    "run": {"paragraph": POSITION, "run": POSITION, "marked": flag, "text": text(65536)},
    "file": {
        "position": POSITION,
        "file": POSITION,
        "media-type": text(128),
        "size": count(0, 2**64),
        "sha256": spelled(HEX),
    },
    "label": {"position": POSITION, "label": text(4096)},
}


def fits(value, shape):
    if not isinstance(shape, dict):
        return shape(value)
    same = isinstance(value, dict) and list(value) == list(shape)
    return same and all(fits(value[key], inner) for key, inner in shape.items())


def unit(data):
    """What it is, and its value."""
    try:
        found = json.loads(parsed("(.+)\n", data, "a line")[0])
    except (ValueError, RecursionError):
        raise Refused("not JSON") from None
    printed = json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
    demand(printed.encode("utf-8", "surrogatepass") == data, "JSON in another spelling")
    sort = found.get("unit") if isinstance(found, dict) else None
    demand(isinstance(sort, str) and sort in UNITS, "no such unit")
    demand(fits(found, {"unit": text(16), "salt": spelled(HEX), "value": UNITS[sort]}), "no such value")
    return sort, found["value"]


def gapless(numbers):
    return sorted(numbers) == list(range(1, len(numbers) + 1))


def record(files):
    """The units that are shown of a record, by the files of its folder; or by an archive of it."""
    files = files if isinstance(files, dict) else archive(files)
    listed = digest_list(files.get("disclosure-sha256.txt", b""))
    demand(list(listed) == [f"units/{number:04}.json" for number in range(1, len(listed) + 1)], "units with gaps")
    there = files.keys() - {"disclosure-sha256.txt"}
    demand(len(listed) <= 100000 and there <= listed.keys(), "too many units, or one that is not listed")
    demand(all(sha256(files[one]) == listed[one] for one in there), "a unit of another record, or changed")
    units = [unit(files[one]) for one in listed if one in there]
    demand("units/0001.json" in there and units[0][0] == "consent", "no terms of consent")
    said = {}
    for sort, value in units:
        place = [value[key] for key in ("position", "paragraph", "run") if key in value] if isinstance(value, dict) else []
        said.setdefault(sort, []).append(tuple(place))
    demand(all(len(set(places)) == len(places) for places in said.values()), "something is said twice")
    pseudonym = units[0][1]["name"] == "pseudonym"
    demand(pseudonym or "pseudonym" not in said, "a pseudonym that nobody asked for")
    if there == listed.keys():
        runs = said.get("run", [])
        persons, files, labels = ([place for place, in said.get(sort, [])] for sort in ("person", "file", "label"))
        demand("kind" in said and "title" in said and pseudonym == ("pseudonym" in said), "not a whole item")
        demand(gapless(persons) and gapless(files) and sorted(files) == sorted(labels), "a position is left out")
        demand(gapless({at for at, _ in runs}), "a paragraph is left out")
        demand(all(gapless([run for at, run in runs if at == one]) for one in {at for at, _ in runs}), "a run is left out")
    return units


# --- author.md, custody.md, disclosure.md

STATEMENT = f"""sanduq-author/1
author: (.+)
author-pq: (.+)
salt: {DIGEST}
bundle-key: (.+)
bundle-pq-key: (.+)
disclosure: {DIGEST}
card: {DIGEST}
proof: {DIGEST}
(?:refers: (?:all|{HEX})\nact: (?:add|correct|withdraw)\n)?"""


def author(data):
    """The author's keys, the bundle's, and the digests of list, card and proof."""
    one, two, _, bundle_one, bundle_two, *digests = parsed(STATEMENT, data, "an author's statement")
    return key_pair([one, two]), key_pair([bundle_one, bundle_two]), *digests


def event(line):
    """What was done, with what, and by whom where it is said."""
    return parsed(f"open {DIGEST} {DIGEST}|(disclose|withdraw) {DIGEST}", line, "an event of a bundle")


def event_text(data):
    """An event's line, a line feed, and the two signatures."""
    line, *signatures = parsed(f"(.*)\n({ENVELOPE})({ENVELOPE})", data, "an event and its signatures")
    event(line)
    for envelope in signatures[::2]:
        sshsig(envelope, "sanduq-event")


TAGGED = ["bagit.txt", "bag-info.txt", "VERIFY.txt", LISTS[0]]
INNER = ["data/card", "data/salt", "data/records-sha256.txt"] + [f"data/bundle/{one}" for one in TAGS + LISTS + SIGNATURES]
AUTHOR = ["data/author", "data/author.sig", "data/author.pq.sig"]
# Files that lie there or not, each with what is asked of it.
RECEIPT = "data/receipt.tlog-proof"


def disclosed_for(data):
    """The bag-info.txt of a disclosure."""
    digest, audience = {"Bundle-SHA256": DIGEST}, {"Disclosed-For": "(court|public)"}
    return bag_info(data, {"Format-Version": "(sanduq-disclosure/1)", "Payload-Oxum": OXUM} | digest | audience)


def below(folder, start):
    return {one.removeprefix(start): data for one, data in folder.items() if one.startswith(start)}


def disclosure(folder, today=None):
    """A folder, judged on a day."""
    today = parsed("(.+)\n", today, "a day")[0] if today else datetime.date.today().isoformat()
    demand(None not in folder.values(), "what is no plain file")
    numbers = sorted({one.split("/")[0] for one in below(folder, "data/records/")})
    records = {one: below(folder, f"data/records/{one}/") for one in numbers}
    shown = {one: record(files) for one, files in records.items()}
    files = [value for units in shown.values() for sort, value in units if sort == "file"]
    originals = {f"data/files/{value['file']:04}": (value["size"], value["sha256"]) for value in files}
    events = [f"data/events/{place:04}" for place in range(1, len(below(folder, "data/events/")) // 3 + 1)]
    # Check 1.
    names = {*TAGGED, LISTS[1], *INNER, *originals}
    names |= {one + ending for one in events for ending in (".txt", ".sig", ".pq.sig")}
    names |= {f"data/records/{one}/{inner}" for one, files in records.items() for inner in files}
    names |= (folder.keys() & {RECEIPT}) | (set(AUTHOR) if AUTHOR[0] in folder else set())
    demand(folder.keys() == names and shown, "a file is missing, or no disclosure has it")
    payload = sorted(one for one in names if one.startswith("data/"))
    demand(folder[LISTS[0]] == listing(folder, payload), "the manifest is not what is there")
    demand(folder[LISTS[1]] == listing(folder, TAGGED), "the tag manifest is not what is there")
    info = disclosed_for(folder["bag-info.txt"])
    oxum = f"{sum(len(folder[one]) for one in payload)}.{len(payload)}"
    demand(info["Payload-Oxum"] == oxum and folder["bagit.txt"] == DECLARATION, "another Payload-Oxum or declaration")
    # Checks 2 and 3.
    bundle_id, outer = outside(below(folder, "data/bundle/"))
    demand(info["Bundle-SHA256"] == bundle_id, "another bundle")
    lists, salt = folder["data/records-sha256.txt"], folder["data/salt"]
    demand(sha256(lists) == outer["Disclosure-SHA256"], "another list of records")
    lists = digest_list(lists)
    places = [f"records/{place:04}/disclosure-sha256.txt" for place in range(1, len(lists))]
    demand(list(lists) == ["salt", *places] and len(places) <= 20000, "a list of something else")
    demand(len(salt) == 32 and sha256(salt) == lists["salt"], "another salt")
    ids = {one: sha256(files["disclosure-sha256.txt"]) for one, files in records.items()}
    demand(all(lists.get(f"records/{one}/disclosure-sha256.txt") == ids[one] for one in ids), "another record")
    # Checks 4 (its rest) to 6.
    agree = all(originals[f"data/files/{value['file']:04}"] == (value["size"], value["sha256"]) for value in files)
    there = all((len(folder[one]), sha256(folder[one])) == original for one, original in originals.items())
    demand(agree and there, "a file that no unit describes")
    for terms in (units[0][1] for units in shown.values()):
        public = info["Disclosed-For"] == "public"
        demand(terms["share"] == "public" or terms["share"] == "court" and not public, "its terms do not let it go so far")
        demand(not public or (terms["not-before"] or "") <= today, "not before a day that is still to come")
        demand(AUTHOR[0] not in folder or terms["name"] == "named", "an author who does not want to be named")
    # Checks 7 to 9.
    *_, officers = card(folder["data/card"])
    if AUTHOR[0] in folder:
        statement, *signatures = (folder[one] for one in AUTHOR)
        demand(sha256(statement) == outer["Author-Commit-SHA256"], "another author's statement")
        keys, *about = author(statement)
        digests = outer["Disclosure-SHA256"], sha256(folder["data/card"]), outer["Proof-Commit-SHA256"]
        demand(about == [signer(folder["data/bundle/signer.pub"]), *digests], "a statement about something else")
        signed_twice(signatures, "sanduq-author", keys, statement)
    if RECEIPT in folder:
        receipt(folder[RECEIPT], folder["data/card"], bundle_id.encode() + b"\n")
    # Check 10.
    told = [told_event([folder[one + ending] for ending in (".txt", ".sig", ".pq.sig")], officers) for one in events]
    demand(len(set(told)) == len(told), "an event twice")
    for opened, by, record_id, signers in told:
        about = opened == bundle_id and by in signers if opened else record_id in ids.values()
        demand(about, "an event of something else")
    demand({record_id for _, _, record_id, _ in told if record_id} == set(ids.values()), "a record without its event")


def told_event(files, officers):
    """Bundle and officer that an event names, or its record; and the fingerprints of the officers who signed it."""
    line, *signatures = files
    demand(len(line) <= 256, "too long")
    bundle_id, by, what, about = event(line)
    demand(what != "withdraw", "its author withdrew consent")
    signers = []
    for _, one, two, fingerprint in officers:
        try:
            signed_twice(signatures, "sanduq-event", [one, two], line)
            signers.append(fingerprint)
        except Refused:
            pass
    demand(signers, "by no officer of the card")
    return bundle_id, by, about, tuple(signers)


# --- The verdicts

KINDS = [
    archive, author, bag, bundle, card, checkpoint, consistency, digest_list, disclosed_for, disclosure, draft, event_text, head,
    leaf, log, name, note, officer, padding, policy, proof, proof_text, receipt, record, signature, signer, sshsig, tile,
    tlog_proof, unit, vkey,
]
KINDS = {kind.__name__: kind for kind in KINDS}


def verdict(kind, *files):
    try:
        KINDS[kind](*files)
        return "holds"
    except Refused as why:
        return f"refused: {why}"


def read(path):
    """A file's bytes; of a folder every file by its name, None where it is none that is plain."""
    path = Path(path)
    if not path.is_dir():
        return path.read_bytes()
    found = [one for one in path.rglob("*") if one.is_symlink() or not one.is_dir()]
    plain = lambda one: one.read_bytes() if one.is_file() and not one.is_symlink() else None
    return {one.relative_to(path).as_posix(): plain(one) for one in found}


if __name__ == "__main__":
    if sys.argv[1:] == ["-"]:
        for line in sys.stdin.buffer:
            kind, *files = line.decode().split()
            files = [sys.stdin.buffer.read(int(one)) if one.isdigit() else read(one) for one in files]
            print(verdict(kind, *files), flush=True)
    elif len(sys.argv) < 3 or sys.argv[1] not in KINDS:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    else:
        said = verdict(sys.argv[1], *map(read, sys.argv[2:]))
        print(said)
        sys.exit(said != "holds")

"""A second reading of docs/spec: judges what travels with Python and pyca cryptography, and with nothing of ours.

  verify.py KIND FILE…   whether the FILEs, as the function of that name wants them, hold: exit code 0 or 1. A folder
                         stands for the files in it. The kinds that travel: bundle, card, receipt, proof, disclosure
                         (its folder; the day on which it is judged), log (its folder, a card, older heads or folders)
  verify.py -            one case after another from standard input: a line with KIND and, of each FILE, its length, or
                         the path of a folder; then the bytes of those with a length. A verdict for each

A verdict is the line "holds" or "refused: WHY". A kind is one function, which raises Refused; any other exception is a
mistake in here and no verdict. What a function reads is the page of docs/spec that its section names, and no more.
Below it lie primitives.py, formats.py, merkle.py, events.py, stamps.py and custody_record.py.
"""

import datetime
import hashlib
import hmac
import re
import sys
from pathlib import Path

import custody_record
from events import EVENT, check_copy, derivative, event_leaves, event_proofs, event_text, told_event
from formats import (
    DECLARATION, LIST, PART, archive, bag_info, checkpoint, digest_list, listing, met, name, note, policy, record,
    signed, unit, vkey,
)
from merkle import grown, hashes, included, leaf, leaf_hash, tile, tiles, tlog_proof, tree
from primitives import (
    DIGEST, ENVELOPE, HEX, NUMBER, STEERING, Refused, day, demand, key_line, key_pair, padded, padding, parsed,
    recipient, sealed, sealed_len, sha256, signed_twice, sshsig,
)
from stamps import ots, stamp, token

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
    demand(len(called.encode()) <= 200 and called == called.strip() and not re.search(STEERING, called), "no name")
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
    return bag_info(data, {"Format-Version": "(sanduq-bundle/1)", "Payload-Oxum": OXUM, **dict.fromkeys(COMMITS, DIGEST)})


def outside(members):
    """The id of a bundle, by its members but the payload, and what its bag-info.txt says."""
    demand(all(len(members[one]) == 10610 for one in TAGS[3:]), "a quorum file of another length")
    demand(members[LISTS[1]] == listing(members, TAGS + LISTS[:1]), "the tag manifest is not what is there")
    demand(members["bagit.txt"] == DECLARATION, "another declaration")
    signatures, keys = [members[one] for one in SIGNATURES], signer(members["signer.pub"])
    signed_twice(signatures, "sanduq-bundle", keys, members[LISTS[1]])
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
    demand(members[LISTS[0]] == listing(members, payload), "the manifest is not what is there")
    bundle_id, info = outside(members)
    demand(info["Payload-Oxum"] == f"{total}.{len(payload)}", "another Payload-Oxum")
    sealed(members[payload[0]])
    content = total - 1643 - 16 * -(-(total - 1643) // (65536 + 16))
    demand(content == padded(content) and sealed_len(content) == total, "no padding class")
    return bundle_id


# --- log.md, receipt.md


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


def logged(data, by):
    """The leaf of which this is the proof, under a head that counts by this card."""
    extra, index, path, below = tlog_proof(data)
    size, root = head(below, by)
    demand(included(leaf_hash(extra), index, size, path) == root, "the leaf does not lead to the root")
    return extra


def receipt(data, by, about):
    extra = logged(data, by)
    bundle_id = bundle(about) if len(about) > 65 else parsed(f"{DIGEST}\n", about, "an id")[0]
    demand(extra == f"sanduq-log/1 ingest {bundle_id}".encode(), "a receipt for something else")


def consistency(older, newer, by, path):
    """Two heads of one log, and a proof in lines of base64 that one grew out of the other."""
    (first, root), second, path = head(older, by), head(newer, by), hashes(*parsed("((?:.+\n)*)", path, "lines"))
    if first == 0:
        return demand(root == tree([]) and not path and (second[0] or second[1] == root), "an empty log of another root")
    demand(first <= second[0], "it shrank")
    demand(grown(first, second[0], path, root) == [root, second[1]], "another history")


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
        for place, (data, there, width) in enumerate(tiles(folder, number, len(level))):
            made = b"".join(level[256 * place : 256 * place + width])
            # What a full tile has behind these leaves is for who has more of them.
            demand(data[: len(made)] == made and (there == 256 > width or data == made), "a tile of other hashes")
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
        demand(not re.search(STEERING, text.replace("\n", "")), "a text that steers")
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


TAGGED = ["bagit.txt", "bag-info.txt", "VERIFY.txt", LISTS[0]]
INNER = [f"data/bundle/{one}" for one in TAGS + LISTS + SIGNATURES]
INNER += ["data/card", "data/salt", "data/records-sha256.txt"]
AUTHOR = ["data/author", "data/author.sig", "data/author.pq.sig"]
RECEIPT = "data/receipt.tlog-proof"
RECORD = "data/custody.jsonld"
LOGGED = ".tlog-proof"
# Files that lie there or not.
OPTIONAL = {RECEIPT}


def disclosed_for(data):
    """The bag-info.txt of a disclosure."""
    values = "(sanduq-disclosure/1)", OXUM, DIGEST, "(court|public)"
    return bag_info(data, dict(zip(("Format-Version", "Payload-Oxum", "Bundle-SHA256", "Disclosed-For"), values)))


def below(folder, start):
    return {one.removeprefix(start): data for one, data in folder.items() if one.startswith(start)}


def disclosure(folder, today=None):
    """A folder, judged on a day."""
    today = parsed("(.+)\n", today, "a day")[0] if today else datetime.date.today().isoformat()
    demand(None not in folder.values(), "what is no plain file")
    numbers = sorted({one.split("/")[0] for one in below(folder, "data/records/")})
    records = {one: below(folder, f"data/records/{one}/") for one in numbers}
    shown = {one: record(files) for one, files in records.items()}
    files = [value for units in shown.values() for sort, _, value in units if sort == "file"]
    originals = {f"data/files/{value['file']:04}": (value["size"], value["sha256"]) for value in files}
    copies = {one for one in originals if one.replace("files", "derivatives") in folder}
    originals, replaced = {one: value for one, value in originals.items() if one not in copies}, originals
    lines = [one for one in below(folder, "data/events/") if one.endswith(EVENT[0])]
    events = [f"data/events/{place:04}" for place in range(1, len(lines) + 1)]
    # Check 1.
    names = {*TAGGED, LISTS[1], *INNER, RECORD, *originals}
    names |= {one + ending for one in events for ending in EVENT}
    names |= {one.replace("files", "derivatives") + ending for one in copies for ending in ("", *EVENT)}
    stamps = sorted(one for one in folder if one.startswith("data/time/"))
    spelled = [re.fullmatch(rf"data/time/{place:04}\.(?:tsr|ots)", one) for place, one in enumerate(stamps, 1)]
    demand(all(spelled) and len(stamps) <= 16 and (not stamps or RECEIPT in folder), "stamps that do not belong here")
    names |= {*stamps}
    names |= folder.keys() & {one + LOGGED for one in events}
    names |= {f"data/records/{one}/{inner}" for one, files in records.items() for inner in files}
    names |= (folder.keys() & OPTIONAL) | (set(AUTHOR) if AUTHOR[0] in folder else set())
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
    places = [f"records/{place:04}/{LIST}" for place in range(1, len(lists))]
    demand(list(lists) == ["salt", *places] and len(places) <= 20000, "a list of something else")
    demand(len(salt) == 32 and sha256(salt) == lists["salt"], "another salt")
    ids = {one: sha256(files[LIST]) for one, files in records.items()}
    demand(all(lists.get(f"records/{one}/{LIST}") == ids[one] for one in ids), "another record")
    # Checks 4 (its rest) to 6.
    agree = all(replaced[f"data/files/{value['file']:04}"] == (value["size"], value["sha256"]) for value in files)
    there = all((len(folder[one]), sha256(folder[one])) == original for one, original in originals.items())
    demand(agree and there, "a file that no unit describes")
    public = info["Disclosed-For"] == "public"
    for terms in (units[0][2] for units in shown.values()):
        demand(terms["share"] in (["public"] if public else ["court", "public"]), "its terms do not let it go so far")
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
    for one in stamps:
        *_, text, _ = checkpoint(tlog_proof(folder[RECEIPT])[3])
        demand((ots if one.endswith("ots") else token)(folder[one]) == hashlib.sha256(text.encode()).digest(), "another stamp")
    for one in copies:
        check_copy(folder, one, (bundle_id, replaced[one], {ids[place]: place for place in ids}), officers)
    # Checks 11 to 13.
    lines = [folder[one + EVENT[0]] for one in events]
    told = [told_event([folder[one + ending] for ending in EVENT], officers) for one in events]
    demand(len(set(lines)) == len(lines), "an event twice")
    demand({one for one, *_ in told} <= {bundle_id, None}, "another bundle is told of")
    demand({about for *_, about in told} - {None} <= set(ids.values()), "an event of another record")
    demand({about for _, what, about in told if what == "disclose"} == set(ids.values()), "a record without event")
    for one, line in zip(events, lines):
        if one + LOGGED in folder:
            entry = b"sanduq-log/1 event " + hmac.digest(salt, line, "sha256").hex().encode()
            demand(logged(folder[one + LOGGED], folder["data/card"]) == entry, "a proof of another event")
    demand(folder[RECORD] == custody_record.record(folder), "another custody record")


# --- The verdicts

KINDS = [
    archive, author, bag, bundle, card, checkpoint, consistency, derivative, digest_list, disclosed_for, disclosure,
    draft, event_leaves, event_proofs, event_text, head, leaf, log, name, note, officer, ots, padding, policy, proof,
    proof_text, receipt, record, signature, signer, sshsig, stamp, tile, tlog_proof, unit, vkey,
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

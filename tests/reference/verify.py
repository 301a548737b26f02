"""A second reading of docs/spec: judges what travels with Python and pyca cryptography, and with nothing of ours.

  verify.py KIND FILE…   whether the FILEs, as the table KINDS at the end wants them, hold; exit code 0 or 1
  verify.py -            one case after another from standard input: a line with KIND and the length of each FILE, then
                         their bytes; a verdict for each

A verdict is the line "holds" or "refused: WHY". A kind is one function, which raises Refused; any other exception is a
mistake in here and no verdict. What a function reads is the page of docs/spec that its section names, and no more.
"""

import re
import sys

from formats import (
    LABELS, PART, archive, bag_info, checkpoint, digest_list, grown, hashes, included, leaf, member_name, met, note,
    policy, signed, tlog_proof, vkey,
)
from primitives import (
    DIGEST, ENVELOPE, NUMBER, Refused, date, demand, key_line, key_pair, number, padded, parsed, recipient,
    sealed, sealed_len, sha256, sshsig, steers,
)


# --- bundle.md

TAGS = ["bagit.txt", "bag-info.txt", "signer.pub"] + [f"quorum/{place:02}.age" for place in range(1, 11)]
LISTS = ["manifest-sha256.txt", "tagmanifest-sha256.txt"]
SIGNATURES = [LISTS[1] + ".sig", LISTS[1] + ".pq.sig"]


def signer(data):
    *lines, back = parsed("(.+)\n(.+)\n(.+)\n", data, "a signer.pub")
    recipient(back)
    return key_pair(lines)


def bag_info_of_bundle(data):
    info = bag_info(data)
    demand(info["Format-Version"] == "sanduq-bundle/1", "another version")
    for count in parsed(rf"{NUMBER}\.{NUMBER}", info["Payload-Oxum"], "a count of bytes and of parts"):
        number(count)
    for label in LABELS[2:]:
        parsed(DIGEST, info[label], "a digest")
    return info


def bundle(data):
    """The id."""
    members = archive(data, zeros_may_follow=False)
    payload = [name for name in members if name.startswith("data/")]
    lengths = [len(members[name]) for name in payload]
    total = sum(lengths)
    parts = [f"data/payload.age.{place:03}" for place in range(1, len(payload) + 1)]
    demand(payload == (parts if total > PART else ["data/payload.age"]), "not the payload or its parts")
    demand(len(payload) <= 999 and all(length == PART for length in lengths[:-1]), "a part of another length")
    demand(list(members) == TAGS + payload + LISTS + SIGNATURES, "other members, or in another order")
    demand(all(len(members[name]) == 10610 for name in TAGS[3:]), "a quorum file of another length")
    for name, listed in zip(LISTS, (payload, TAGS + LISTS[:1])):
        there = [(one, sha256(members[one])) for one in listed]
        demand(digest_list(members[name]) == there, f"{name} is not what is there")
    declaration = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    demand(members["bagit.txt"] == declaration, "another declaration")
    for name, key in zip(SIGNATURES, signer(members["signer.pub"])):
        sshsig(members[name], "sanduq-bundle", key, members[LISTS[1]])
    info = bag_info_of_bundle(members["bag-info.txt"])
    demand(info["Payload-Oxum"] == f"{total}.{len(payload)}", "another Payload-Oxum")
    sealed(members[payload[0]])
    content = total - 1643 - 16 * -(-(total - 1643) // (65536 + 16))
    demand(content == padded(content) and sealed_len(content) == total, "no padding class")
    return sha256(members[LISTS[1]])


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
    return [to, *key_pair(keys)]


def draft(data):
    """The log's key, the witnesses, the quorum."""
    demand(len(data) <= 65536, "too long")
    name, serial, until, threshold, officers, log, lines = parsed(TERMS, data, "a draft")
    demand(len(name.encode()) <= 200 and name == name.strip() and not steers(name), "no name")
    demand(1 <= int(serial) <= 10**9 and date(until), "no serial")
    officers = [officer(line) for line in re.findall("officer: (.+)\n", officers)]
    demand(1 <= int(threshold) <= len(officers), "no threshold")
    demand(all(len(set(column)) == len(column) for column in zip(*officers)), "an officer twice")
    logs, witnesses, quorum = policy(re.sub("(?m)^policy: ", "", lines))
    log = vkey(log, [1])
    demand(all(one == log for one in logs), "a policy of another log")
    named = logs or all(key[0] != log[0] for key in witnesses.values())
    demand(named, "a further key of a log that the policy does not name")
    return log, witnesses, quorum


def card(data):
    """What a draft gives, of a card that is signed."""
    demand(len(data) <= 65536, "too long")
    text = data.partition(ENVELOPE[:30].encode())[0]
    terms, *lines = parsed(KEYS, text, "a card")
    lines = [line for line in lines if line]
    envelopes = parsed(f"({ENVELOPE})" * len(lines), data[len(text) :], "as many signatures as keys")[::2]
    keys = key_pair(lines[:2]) + (key_pair(lines[2:]) if lines[2:] else [])
    demand(keys[:2] != keys[2:], "the key before is the same")
    for envelope, key in zip(envelopes, keys):
        sshsig(envelope, "sanduq-card", key, text)
    return draft(terms)


# --- log.md, receipt.md


def head(data, by):
    """Size and root of a checkpoint that counts under a card."""
    log, witnesses, quorum = card(by)
    origin, size, root, text, signatures = checkpoint(data)
    demand(origin == log[0] and signed(log, text, signatures), "not signed by this log")
    demand(met(quorum, {name for name, key in witnesses.items() if signed(key, text, signatures)}), "too few witnesses")
    return size, root


def receipt(data, by, about):
    extra, index, path, below = tlog_proof(data)
    size, root = head(below, by)
    demand(included(extra, index, size, path) == root, "the leaf does not lead to the root")
    bundle_id = bundle(about) if len(about) > 65 else parsed(f"{DIGEST}\n", about, "an id")[0]
    demand(extra == f"sanduq-log/1 ingest {bundle_id}".encode(), "a receipt for something else")


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
    demand(("bag-info.txt", sha256(info)) in digest_list(tag_manifest), "a bag-info.txt of another bundle")
    promised = bag_info_of_bundle(info)["Proof-Commit-SHA256"]
    demand(promised == sha256(line.encode() + b"\n"), "another key than was promised")
    sshsig(signature, "sanduq-proof", key, data)


def consistency(older, newer, by, path):
    """Two heads of one log, and a proof in lines of base64 that one grew out of the other."""
    grown(*head(older, by), *head(newer, by), hashes(*parsed("((?:.+\n)*)", path, "lines")))


def signature(envelope, line, message):
    """A signature in the role of bundles, by the key on this line, over this message."""
    (line,) = parsed("(.+)\n", line, "a line")
    sshsig(envelope, "sanduq-bundle", key_line(line, line.split(" ")[0]), message)


def padding(data):
    for length, longer in re.findall("(.+) (.+)\n", data.decode()):
        demand(padded(int(length)) == int(longer), "another class")


# Each kind is judged from the FILEs that its function takes.
KINDS = {
    "archive": archive,
    "bag": bag_info,
    "bundle": bundle,
    "card": card,
    "checkpoint": checkpoint,
    "consistency": consistency,
    "digest_list": digest_list,
    "draft": draft,
    "head": head,
    "leaf": leaf,
    "name": member_name,
    "note": note,
    "officer": officer,
    "padding": padding,
    "policy": policy,
    "proof": proof,
    "proof_text": proof_text,
    "receipt": receipt,
    "receipt_text": tlog_proof,
    "signature": signature,
    "signer": signer,
    "sshsig": sshsig,
    "vkey": vkey,
}


def verdict(kind, *files):
    try:
        KINDS[kind](*files)
        return "holds"
    except Refused as why:
        return f"refused: {why}"


def read(path):
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__":
    if sys.argv[1:] == ["-"]:
        for line in sys.stdin.buffer:
            kind, *lengths = line.decode().split()
            print(verdict(kind, *(sys.stdin.buffer.read(int(length)) for length in lengths)), flush=True)
    elif len(sys.argv) < 3 or sys.argv[1] not in KINDS:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    else:
        said = verdict(sys.argv[1], *map(read, sys.argv[2:]))
        print(said)
        sys.exit(said != "holds")

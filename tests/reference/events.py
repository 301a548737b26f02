"""What officers do and sign, on its way to the log and back, and the copies they make: docs/spec/custody.md, events.md and
derivative.md."""

import re

from formats import archive, unit, vkey
from merkle import tlog_proof
from primitives import (
    DIGEST, ENVELOPE, HEX, NUMBER, SIZES, STEERING, demand, number, parsed, sha256, signed_twice, sshsig,
)

# The files of one event, or of one copy's statement.
EVENT = (".txt", ".sig", ".pq.sig")


def event(line):
    """Bundle and officer of an opening; else what was done, with which record, and to whose card it went."""
    shape = f"open {DIGEST} {DIGEST}|(disclose|withdraw|hold|transfer) {DIGEST}(?: {DIGEST})?"
    *said, card_of = parsed(shape, line, "an event of a bundle")
    demand((said[2] == "transfer") == (card_of is not None), "a card where none belongs, or none")
    return said


def event_text(data):
    """An event's line, a line feed, and the two signatures."""
    line, *signatures = parsed(f"(.*)\n({ENVELOPE})({ENVELOPE})", data, "an event and its signatures")
    event(line)
    for envelope in signatures[::2]:
        sshsig(envelope, "sanduq-event")


COPY = f"""sanduq-derivative/1
bundle: {DIGEST}
record: {DIGEST}
unit: ([0-9]{{4,}})
original: {DIGEST}
derivative: {DIGEST}
bytes: {NUMBER}
type: ([a-z0-9.+-]+/[a-z0-9.+-]+)
how: (metadata-removed|by-hand)
officer: {DIGEST}
(?:words: (.+)\n)?"""


def copy(text):
    """What a copy in the place of an original is: bundle, record, unit, both digests, length, and who signs."""
    *said, size, sort, how, officer, words = parsed(COPY, text, "a derivative's statement")
    demand(len(text) <= 1024 and f"{int(said[2]):04}" == said[2] != "0000", "too long, or no number of a unit")
    number(size)
    demand(len(sort) <= 127 and (how == "by-hand" or not words), "a type too long, or words where none belong")
    if words:
        demand(len(words.encode()) <= 200 and words.strip() == words, "words too long, or white space around them")
        demand(not re.search(STEERING, words), "words that steer")
    return *said, int(size), officer


def derivative(data):
    """A derivative's statement and its two signatures."""
    text, *signatures = parsed(f"((?s:.*?))({ENVELOPE})({ENVELOPE})", data, "a statement and its signatures")
    copy(text.encode())
    demand([sshsig(one, "sanduq-derivative")[0] for one in signatures[::2]] == [*SIZES], "signatures of other keys")


def in_order(leaves):
    demand(len(leaves) <= 10000 and leaves == sorted(set(leaves)), "leaves out of order, twice, or too many")


def event_leaves(data):
    """An officer's leaves on their way to the log: events.md."""
    shape = f"sanduq-events/1\nlog: (.+)\nofficer: {DIGEST}\n((?:leaf: {HEX}\n)+)({ENVELOPE})({ENVELOPE})"
    log, _, leaves, *signatures = parsed(shape, data, "leaves of events")
    vkey(log)
    in_order(leaves.splitlines())
    demand([sshsig(one, "sanduq-event")[0] for one in signatures[::2]] == [*SIZES], "signatures of other keys")


def event_proofs(data):
    """The proofs on their way back."""
    members = archive(data, zeros_may_follow=False)
    in_order([parsed(rf"({HEX})\.tlog-proof", called, "the name of a proof")[0] for called in members])
    for proof in members.values():
        tlog_proof(proof)


def check_copy(folder, original, told, officers):
    """A derivative and its statement, in the place of this original."""
    bundle_id, (size, digest), records = told
    called = original.replace("files", "derivatives")
    data, text, *signatures = (folder[called + ending] for ending in ("", *EVENT))
    bundle_of, record_of, unit_of, original_of, made, length, officer = copy(text)
    demand(bundle_of == bundle_id and record_of in records, "made from something of another bundle")
    sort, _, value = unit(folder.get(f"data/records/{records[record_of]}/units/{unit_of}.json", b""))
    demand(sort == "file" and f"data/files/{value['file']:04}" == original, "made from another unit")
    demand(original_of == digest == value["sha256"] and (made, length) == (sha256(data), len(data)), "another copy")
    demand(made != digest, "the original itself")
    keys = [pair for _, *pair, fingerprint in officers if fingerprint == officer]
    demand(keys, "by no officer of the card")
    signed_twice(signatures, "sanduq-derivative", keys[0], text)


def told_event(files, officers):
    """Bundle and officer that an event names, or its record; it is signed by that officer, or any."""
    line, *signatures = files
    demand(len(line) <= 256, "too long")
    bundle_id, by, what, about = event(line)
    demand(what != "withdraw", "its author withdrew consent")
    keys = [sshsig(one, "sanduq-event") for one in signatures]
    signed_by = [fingerprint for _, *pair, fingerprint in officers if pair == keys]
    demand(signed_by and by in (None, *signed_by), "by no officer of the card, or by another")
    signed_twice(signatures, "sanduq-event", keys, line)
    return bundle_id, what, about

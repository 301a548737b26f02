"""The formats that others are made of: archives, bags and lists, signed notes and policies, units and records.

Each function reads what its section's pages of docs/spec say, and raises Refused for anything else.
"""

import json
import re
import struct

from primitives import (
    CONTROLS, DIGEST, HEX, NUMBER, PLAIN, STEERING, base64, day, demand, holds, number, parsed, sha256, short,
    strong, Ed25519PublicKey, MLDSA44PublicKey,
)

# --- archive.md, digest-list.md, bag.md

PART, LIST = 2**32 - 1, "disclosure-sha256.txt"
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
    demand(not re.search(STEERING, called), "a name that steers")
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
    demand(len(base64(root)) == 32 and not re.search(STEERING, origin), "no root, or a name that steers")
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


# --- unit.md, record.md


DAY, PLACE = "[0-9]{4}-[0-9]{2}-[0-9]{2}", "[1-9][0-9]{0,9}"
TEXT = r'"(?:[^"\\\x00-\x1f]|\\["\\btnfr]|\\u00(?:0[0-7bef]|1[0-9a-f]))*"'
# The value of each sort, and the longest text in it.
UNITS = {
    "consent": (
        '{"share":"(?:organisation|court|public)","name":"(?:never|pseudonym|named)",'
        f'"not-before":(?:null|"{DAY}"),"contact":(?:true|false)}}', 12),
    "pseudonym": (f'(?!""){TEXT}', 4096),
    "consent-words": (TEXT, 16384),
    "kind": ('"(?:testimony|document)"', 9),
    "title": (TEXT, 4096),
    "date": ('{"day":"[0-9]{4}(?:-[0-9]{2}){0,2}","sure":"(?:certain|about|uncertain)"}', 10),
    "place": (TEXT, 4096),
    "person": (f'{{"position":{PLACE},"name":{TEXT}}}', 4096),
    "run": (f'{{"paragraph":{PLACE},"run":{PLACE},"marked":(?:true|false),"text":{TEXT}}}', 65536),
    "file": (
        f'{{"position":{PLACE},"file":{PLACE},"media-type":{TEXT},'
        f'"size":(?:0|[1-9][0-9]{{0,19}}),"sha256":"{HEX}"}}', 128),
    "label": (f'{{"position":{PLACE},"label":{TEXT}}}', 4096),
}


def unit(data):
    """What it is, its place among others of its sort, and its value."""
    (sort,) = parsed('{"unit":"([a-z-]+)",(?s:.*)', data, "a unit")
    demand(sort in UNITS, "no such unit")
    shape, most = UNITS[sort]
    parsed(f'{{"unit":"{sort}","salt":"{HEX}","value":{shape}}}\n', data, f"a unit of this sort: {sort}")
    value = json.loads(data)["value"]
    fields = value if isinstance(value, dict) else {sort: value}
    demand(all(len(one.encode()) <= most for one in fields.values() if isinstance(one, str)), "too long")
    for when in {fields.get("day"), fields.get("not-before")} - {None}:
        day((when + "-01-01")[:10])
    place = tuple(fields[one] for one in ("paragraph", "run", "position") if one in fields)
    demand(max(place + (fields.get("file") or 0,)) < 2**32 and number(fields.get("size", 0)) >= 0, "a number too large")
    return sort, place, value


def gapless(numbers):
    return sorted(numbers) == list(range(1, len(numbers) + 1))


def record(files):
    """The units that are shown of a record, by the files of its folder; or by an archive of it."""
    files = files if isinstance(files, dict) else archive(files)
    listed, there = digest_list(files.get(LIST, b"")), files.keys() - {LIST}
    demand(list(listed) == [f"units/{place:04}.json" for place in range(1, len(listed) + 1)], "units with gaps")
    demand(len(listed) <= 100000 and there <= listed.keys(), "too many units, or one that is not listed")
    demand(all(sha256(files[one]) == listed[one] for one in there), "a unit of another record, or changed")
    units = [unit(files[one]) for one in listed if one in there]
    demand("units/0001.json" in there and units[0][0] == "consent", "no terms of consent")
    places = {sort: [place for one, place, _ in units if one == sort] for sort in UNITS}
    demand(all(len(set(some)) == len(some) for some in places.values()), "something is said twice")
    pseudonym = units[0][2]["name"] == "pseudonym"
    demand(pseudonym or not places["pseudonym"], "a pseudonym that the terms do not ask for")
    if there == listed.keys():
        whole = places["kind"] and places["title"] and pseudonym == bool(places["pseudonym"])
        persons, files, labels = ([place for place, in places[sort]] for sort in ("person", "file", "label"))
        paragraphs = {}
        for paragraph, run in places["run"]:
            paragraphs.setdefault(paragraph, []).append(run)
        gaps = [some for some in (persons, files, paragraphs, *paragraphs.values()) if not gapless(some)]
        demand(whole and not gaps and sorted(files) == sorted(labels), "not a whole item")
    return units

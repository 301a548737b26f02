"""Makes the custody record of a disclosure anew from its other files, as docs/spec/custody-record.md says.

Nothing is verified here; whose signature an event bears is read out of the signature.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import sys

CONTEXT = {
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    "kb": "urn:sanduq:",
    "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
ACTION = "case-investigation:InvestigativeAction"
OBJECT = "uco-observable:ObservableObject"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def name_of(sort, name):
    text = bytearray(hashlib.sha256(f"sanduq-custody-record/1 {sort} {name}".encode()).digest()[:16])
    text[6] = text[6] & 0x0F | 0x40
    text[8] = text[8] & 0x3F | 0x80
    digits = text.hex()
    parts = digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]
    return f"kb:{sort}-" + "-".join(parts)


def fingerprint(ed25519, composite):
    return sha256(f"{ed25519}\n{composite}\n".encode())


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def ref(node):
    return {"@id": node}


def facets(sort, node, path, digest, unit=None):
    content = {"@id": name_of(f"{sort}-content", node), "@type": "uco-observable:ContentDataFacet"}
    if unit:
        content["uco-observable:mimeType"] = unit["media-type"]
        content["uco-observable:sizeInBytes"] = unit["size"]
    content["uco-observable:hash"] = {
        "@id": name_of(f"{sort}-hash", node),
        "@type": "uco-types:Hash",
        "uco-types:hashMethod": "SHA256",
        "uco-types:hashValue": {"@type": "xsd:hexBinary", "@value": digest},
    }
    place = {"@id": name_of(f"{sort}-place", node), "@type": "uco-observable:FileFacet"}
    place["uco-observable:filePath"] = path
    return [content, place]


def within(part, whole):
    return {
        "@id": name_of("within", f"{part} {whole}"),
        "@type": "uco-observable:ObservableRelationship",
        "uco-core:isDirectional": True,
        "uco-core:kindOfRelationship": "Contained_Within",
        "uco-core:source": ref(part),
        "uco-core:target": ref(whole),
    }


def fields(text):
    return dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)


def below(files, start, end):
    """The names that begin and end so, in the order of the numbers in them."""
    return sorted((one for one in files if one.startswith(start) and one.endswith(end)), key=lambda one: (len(one), one))


def signing_key(envelope):
    """The key within an SSHSIG: after six letters and a version, a length and the key."""
    body = base64.b64decode(b"".join(envelope.splitlines()[1:-1]))
    length = struct.unpack(">I", body[10:14])[0]
    return body[14 : 14 + length]


def record(files):
    """The bytes of the record, from the files of a disclosure by their names."""
    card_bytes = files["data/card"]
    card_text = card_bytes.decode().split("-----BEGIN SSH SIGNATURE-----")[0]
    card = fields(card_text)
    officers = {}
    for line in card_text.splitlines():
        if line.startswith("officer: "):
            _, _, kind, key, other_kind, other_key = line.split(" ")
            officers[base64.b64decode(key)] = fingerprint(f"{kind} {key}", f"{other_kind} {other_key}")
    info = fields(files["bag-info.txt"].decode())
    bundle = info["Bundle-SHA256"]
    card_key = fingerprint(card["key"], card["pq-key"])
    signer = fingerprint(*files["data/bundle/signer.pub"].decode().splitlines()[:2])
    salt = files["data/salt"]

    events = []
    for path in below(files, "data/events/", ".txt"):
        line = files[path].decode()
        leaf = "sanduq-log/1 event " + hmac.new(salt, line.encode(), hashlib.sha256).hexdigest()
        events.append((line, officers[signing_key(files[path.removesuffix("txt") + "sig"])], leaf))

    organisation = name_of("organisation", card_key)
    if "data/author" in files:
        statement = fields(files["data/author"].decode())
        key = fingerprint(statement["author"], statement["author-pq"])
        author, told = name_of("author", key), f"Author, under the keys with fingerprint {key}"
    else:
        author, told = name_of("author-of", bundle), "Author, who was not released"
    graph = [
        {
            "@id": organisation,
            "@type": "uco-identity:Organization",
            "uco-core:name": card["name"],
            "uco-core:description": f"Card with SHA-256 {sha256(card_bytes)}, under the card key with fingerprint {card_key}",
        },
        {"@id": author, "@type": "uco-identity:Identity", "uco-core:description": told},
    ]
    for officer in sorted({officer for _, officer, _ in events}):
        told = f"Officer on the card, under the keys with fingerprint {officer}"
        graph.append(
            {"@id": name_of("officer", officer), "@type": "uco-identity:Identity", "uco-core:description": told}
        )
    the_bundle = name_of("bundle", bundle)
    graph.append(
        {
            "@id": the_bundle,
            "@type": OBJECT,
            "uco-core:description": "The list of everything in a bundle; its SHA-256 is the bundle's id",
            "uco-core:hasFacet": facets("bundle", the_bundle, "data/bundle/tagmanifest-sha256.txt", bundle),
        }
    )
    named = set()
    for path in below(files, "data/records/", "/disclosure-sha256.txt"):
        folder = path.removesuffix("/disclosure-sha256.txt")
        content = files[path]
        digest, count = sha256(content), len(content.splitlines())
        units = [json.loads(files[unit]) for unit in below(files, f"{folder}/units/", ".json")]
        record = name_of("record", f"{bundle}/{digest}")
        graph.append(
            {
                "@id": record,
                "@type": OBJECT,
                "uco-core:description": f"The list of a record; {len(units)} of its {count} units are shown",
                "uco-core:hasFacet": facets("record", record, path, digest),
            }
        )
        graph.append(within(record, the_bundle))
        exhibit = [ref(record)]
        shown = [unit["value"] for unit in units if unit["unit"] == "file"]
        for unit in sorted(shown, key=lambda unit: unit["position"]):
            number = unit["file"]
            file = name_of("file", f"{bundle}/{number}")
            if number not in named:
                named.add(number)
                about = facets("file", file, f"data/files/{number:04}", unit["sha256"], unit)
                graph.append({"@id": file, "@type": OBJECT, "uco-core:hasFacet": about})
            graph.append(within(file, record))
            exhibit.append(ref(file))
        graph.append(
            {
                "@id": name_of("provenance", f"{bundle}/{digest}"),
                "@type": "case-investigation:ProvenanceRecord",
                "case-investigation:exhibitNumber": folder.split("/")[-1],
                "uco-core:object": exhibit,
            }
        )
    seal = name_of("seal", bundle)
    graph.append(
        {
            "@id": seal,
            "@type": ACTION,
            "uco-core:name": "seal",
            "uco-core:description": f"Signed with one-time keys with fingerprint {signer}",
            "uco-action:performer": ref(author),
            "uco-action:result": [ref(the_bundle)],
        }
    )
    if "data/receipt.tlog-proof" in files:
        lines = files["data/receipt.tlog-proof"].decode().splitlines()
        index = next(line for line in lines if line.startswith("index ")).split(" ")[1]
        origin, size, root = lines[lines.index("") + 1 :][:3]
        root = base64.b64decode(root).hex()
        graph.append(
            {
                "@id": name_of("ingest", bundle),
                "@type": ACTION,
                "uco-core:name": "ingest",
                "uco-core:description": f"In the log {origin}, which had {size} entries and the root {root}, "
                f"as number {index}; the first is 0",
                "case-investigation:wasInformedBy": ref(seal),
                "uco-action:performer": ref(organisation),
                "uco-action:object": [ref(the_bundle)],
            }
        )
    for line, officer, leaf in events:
        verb, about, *card_of = line.split(" ")
        event = name_of("event", f"{officer}/{line}")
        opens = [name_of("event", f"{by}/{said}") for said, by, _ in events if by == officer and said.startswith("open ")]
        node = {
            "@id": event,
            "@type": ACTION,
            "uco-core:name": verb,
            "uco-core:description": f"Signed by the officer; its entry in the log: {leaf}",
        }
        if verb == "transfer":
            told = f"Handed over to the organisation whose card has the SHA-256 {card_of[0]}. "
            node["uco-core:description"] = told + node["uco-core:description"]
        node["case-investigation:wasInformedBy"] = ref(seal if verb == "open" else (opens + [seal])[0])
        node["uco-action:performer"] = ref(name_of("officer", officer))
        if verb == "open":
            node["uco-action:object"] = [ref(the_bundle)]
        else:
            node["uco-action:object"] = [ref(name_of("record", f"{bundle}/{about}"))]
        if verb == "disclose":
            node["uco-action:result"] = [ref(name_of("provenance", f"{bundle}/{about}"))]
        graph.append(node)
    whole = "".join(node["@id"] + "\n" for node in graph)
    graph.insert(
        0,
        {
            "@id": name_of("custody", whole),
            "@type": "uco-core:Bundle",
            "uco-core:description": f"Custody record of a disclosure, made for: {info['Disclosed-For']}",
            "uco-core:object": [ref(node["@id"]) for node in graph],
        },
    )
    nodes = ",\n".join(dump(node) for node in graph)
    return (f'{{"@context":{dump(CONTEXT)},\n"@graph":[\n{nodes}\n]}}\n').encode()


if __name__ == "__main__":
    bag = pathlib.Path(sys.argv[1])
    plain = (path for path in bag.rglob("*") if path.is_file())
    sys.stdout.buffer.write(record({path.relative_to(bag).as_posix(): path.read_bytes() for path in plain}))

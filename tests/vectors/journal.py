"""Makes journal.json from docs/spec/journal.md, with the primitives of pyca cryptography."""

import json
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INDEX_KEY = bytes(range(32))

CHANGES = [
    [[["note", "01", "one"], ["search", "0000000000000001", "one"]]],
    [[["note", "02", ""], ["note", "01", None]], [["label", "", "\u0635\u0646\u062f\u0648\u0642"]]],
]


def fact(kind, key, value):
    key = bytes.fromhex(key)
    head = struct.pack("<B", len(kind)) + kind.encode() + struct.pack("<H", len(key)) + key
    if value is None:
        return head + b"\xff" * 4
    value = value.encode()
    return head + struct.pack("<I", len(value)) + value


def main():
    key = HKDF(SHA256(), 32, None, b"sanduq/journal/1\x00").derive(INDEX_KEY)
    journal, number = b"sanduq-journal/1\n", 0
    for change in CHANGES:
        for at, facts in enumerate(change):
            last = at + 1 == len(change)
            plain = bytes([last]) + b"".join(fact(*one) for one in facts)
            nonce = bytes([number + 1] * 12)
            sealed = nonce + AESGCM(key).encrypt(nonce, plain, struct.pack("<Q", number))
            journal += struct.pack("<I", len(sealed)) + sealed
            number += 1
    changes = [[one for record in change for one in record] for change in CHANGES]
    torn = struct.pack("<I", 80) + bytes(30)
    vector = {
        "index_key": INDEX_KEY.hex(),
        "journal": (journal + torn).hex(),
        "whole_len": len(journal),
        "records": number,
        "changes": changes,
    }
    with open("journal.json", "w") as file:
        json.dump(vector, file, indent=1)
        file.write("\n")


main()

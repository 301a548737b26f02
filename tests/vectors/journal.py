"""Makes journal.json from docs/spec/journal.md, with the primitives of pyca cryptography."""

import json
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INDEX_KEY = bytes(range(32))

BLOCK = 4096
BODY = BLOCK - 12 - 16 - 3

CHANGES = [
    [["note", "01", "one"], ["search", "0000000000000001", "one"]],
    [["note", "02", ""], ["note", "01", None], ["label", "", "\u0635\u0646\u062f\u0648\u0642"]],
    [["note", "03", "an invented sentence. " * 200]],
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

    def seal(flag, body):
        nonlocal number
        plain = struct.pack("<BH", flag, len(body)) + body + bytes(BODY - len(body))
        nonce = bytes([number + 1] * 12)
        number += 1
        return nonce + AESGCM(key).encrypt(nonce, plain, struct.pack("<Q", number - 1))

    for change in CHANGES:
        rest = b"".join(fact(*one) for one in change)
        while len(rest) > BODY:
            journal += seal(0, rest[:BODY])
            rest = rest[BODY:]
        journal += seal(1, rest)
    blocks, torn = number, seal(0, bytes(BODY)) + bytes(30)
    vector = {
        "index_key": INDEX_KEY.hex(),
        "journal": (journal + torn).hex(),
        "whole_len": len(journal),
        "blocks": blocks,
        "changes": CHANGES,
    }
    with open("journal.json", "w") as file:
        json.dump(vector, file, indent=1)
        file.write("\n")


main()

#!/usr/bin/env python3
"""Makes at_rest.json from docs/spec/slots.md and docs/spec/segments.md alone, with pyca cryptography (48 or later).

Run by hand, when a format gets a new version: the vectors of a released version never change.
"""
import json
import os
import struct

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

compartment = bytes(range(0x10, 0x20))
seed = bytes(range(32))
master = bytes(range(0x40, 0x60))
index_key = bytes(range(0x60, 0x80))
salt = bytes(range(0x80, 0xA0))
passphrase = "an invented passphrase"
kib, passes, lanes = 256 * 1024, 1, 1


def nonce(n):
    return bytes([0xB0 + n]) * 12


def wrap(key, n, data, wrapped):
    return nonce(n) + AESGCM(key).encrypt(nonce(n), wrapped, data)


by_passphrase = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=kib).derive(passphrase.encode())
by_seed = HKDF(SHA256(), 32, None, b"sanduq/recovery-slot/1\0" + compartment).derive(seed)
slots = [wrap(by_passphrase, 0, compartment + b"\0", master), wrap(by_seed, 1, compartment + b"\1", master)]
slots += [bytes([n]) * 60 for n in range(2, 8)]
slots_file = b"sanduq-slots/1\n" + salt + struct.pack("<III", kib, passes, lanes) + b"".join(slots)

number = 7_000_000_007
epoch_file = b"sanduq-epoch/1\n" + wrap(master, 2, compartment, struct.pack("<Q", number) + index_key)

file_key = bytes(range(0xC0, 0xE0))
content = b"an invented sentence"
padded = 1 << 20 | 64
plain = content + bytes(padded - len(content))
segments = b""
for at in range(0, padded, 1 << 20):
    last = at + (1 << 20) >= padded
    segments += AESGCM(file_key).encrypt(struct.pack(">IQB", 0, at >> 20, last)[1:], plain[at : at + (1 << 20)], None)
digest = __import__("hashlib").sha256(segments).hexdigest()

vectors = {
    "compartment": compartment.hex(),
    "seed": seed.hex(),
    "passphrase": passphrase,
    "index_key": index_key.hex(),
    "slots": slots_file.hex(),
    "epoch": epoch_file.hex(),
    "epoch_number": number,
    "file_key": file_key.hex(),
    "content": content.decode(),
    "padded": padded,
    "segments_sha256": digest,
}
with open(os.path.join(os.path.dirname(__file__), "at_rest.json"), "w") as out:
    json.dump(vectors, out, indent=1)
    out.write("\n")

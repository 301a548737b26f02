"""Verifies a cosignature of the kind 6 (c2sp.org/tlog-cosignature) with pyca cryptography and nothing of ours.

  cosignature.py NOTE_FILE VKEY    prints the time that it names; exit code 1 where none holds
"""

import base64
import hashlib
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

text, signatures = open(sys.argv[1], encoding="utf-8").read().rsplit("\n\n", 1)
origin, size, root = text.split("\n")
name, key_id, key = sys.argv[2].split("+", 2)
key = base64.b64decode(key, validate=True)
assert key[0] == 6 and len(key) == 1313
assert hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id
for line in signatures.splitlines():
    signer, signature = line.removeprefix("— ").split(" ")
    signature = base64.b64decode(signature, validate=True)
    if signer == name and signature[:4].hex() == key_id:
        (time,) = struct.unpack(">Q", signature[4:12])
        message = b"subtree/v1\n\0"
        message += bytes([len(name.encode())]) + name.encode() + struct.pack(">Q", time)
        message += bytes([len(origin.encode())]) + origin.encode()
        message += struct.pack(">QQ", 0, int(size)) + base64.b64decode(root, validate=True)
        try:
            MLDSA44PublicKey.from_public_bytes(key[1:]).verify(signature[12:], message)
        except InvalidSignature:
            sys.exit("it does not hold")
        print(time)
        sys.exit(0)
sys.exit("no such signature")

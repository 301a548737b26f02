"""A witness of another make, with one Ed25519 key (c2sp.org/tlog-witness, tlog-cosignature), by pyca and nothing of ours.

  witness.py STATE NAME                      makes a key in the new folder STATE, and prints its verifier key
  witness.py STATE NAME REQUEST LOG_VKEY     prints the answer to a request: a cosignature, or the size it knows;
                                             exit code 1 for one that it does not cosign
"""

import base64
import hashlib
import struct
import sys
import time
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def key_id(name, key):
    return hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def grew(old, size, path, root, new_root):
    """RFC 9162, section 2.1.4.2."""
    if old == 0 or old == size:
        return not path and (old == 0 or root == new_root)
    path = ([root] if old & (old - 1) == 0 else []) + path
    first, last = old - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    if not path:
        return False
    one = two = path[0]
    for hash in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            one, two = node(hash, one), node(hash, two)
            while first and not first & 1:
                first, last = first >> 1, last >> 1
        else:
            two = node(two, hash)
        first, last = first >> 1, last >> 1
    return last == 0 and (one, two) == (root, new_root)


state, name = Path(sys.argv[1]), sys.argv[2]
if len(sys.argv) == 3:
    state.mkdir()
    (state / "key").write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
    (state / "size").write_text("0\n\n")
key = Ed25519PrivateKey.from_private_bytes((state / "key").read_bytes())
public = b"\4" + key.public_key().public_bytes_raw()
if len(sys.argv) == 3:
    print(f"{name}+{key_id(name, public).hex()}+{base64.b64encode(public).decode()}")
    sys.exit()

proof, note = Path(sys.argv[3]).read_text(encoding="utf-8").split("\n\n", 1)
old, *path = proof.split("\n")
text, signatures = note.rsplit("\n\n", 1)
text += "\n"
origin, size, root = text.splitlines()
log, _, log_key = sys.argv[4].split("+", 2)
log_key = base64.b64decode(log_key, validate=True)
held = []
for line in signatures.splitlines():
    signer, signature = line.removeprefix("— ").split(" ")
    signature = base64.b64decode(signature, validate=True)
    if signer == log == origin and signature[:4] == key_id(log, log_key):
        try:
            Ed25519PublicKey.from_public_bytes(log_key[1:]).verify(signature[4:], text.encode())
            held.append(line)
        except InvalidSignature:
            pass
if not held:
    sys.exit("not signed by this log")
known, known_root = (state / "size").read_text().split("\n", 1)
if old != f"old {known}":
    print(known)
    sys.exit()
path = [base64.b64decode(hash, validate=True) for hash in path]
root = base64.b64decode(root, validate=True)
if not grew(int(known), int(size), path, base64.b64decode(known_root), root):
    sys.exit("it did not grow out of what was seen")
(state / "size").write_text(f"{size}\n{base64.b64encode(root).decode()}")
at = int(time.time())
signature = key.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
line = base64.b64encode(key_id(name, public) + struct.pack(">Q", at) + signature).decode()
print(f"— {name} {line}")

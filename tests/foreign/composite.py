"""The composite signature of OpenSSH, from its drafts, with pyca cryptography and nothing of ours.

  composite.py verify KEY_LINE_FILE SIGNATURE_FILE NAMESPACE MESSAGE_FILE   prints "both halves hold"
  composite.py sign NAMESPACE MESSAGE_FILE KEY_LINE_OUT SIGNATURE_OUT       with a key made on the spot

Exit code 1 and the half that does not hold when a signature is not good.
"""

import base64
import hashlib
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TYPE = b"ssh-mldsa44-ed25519"
PREFIX = b"CompositeAlgorithmSignatures2025"
LABEL = b"COMPSIG-MLDSA44-Ed25519-SHA512"
MLDSA_KEY, MLDSA_SIGNATURE = 1312, 2420


def string(data):
    return struct.pack(">I", len(data)) + data


def take(blob):
    (length,) = struct.unpack(">I", blob[:4])
    if len(blob) < 4 + length:
        sys.exit("a string is cut short")
    return blob[4 : 4 + length], blob[4 + length :]


def representative(namespace, message):
    """What both halves sign: the composite's M' over the SSHSIG preimage."""
    preimage = b"SSHSIG" + string(namespace) + string(b"") + string(b"sha512")
    preimage += string(hashlib.sha512(message).digest())
    return PREFIX + LABEL + b"\x00" + hashlib.sha512(preimage).digest()


def verify(key_line, signature_text, namespace, message):
    kind, data = key_line.split()[:2]
    name, rest = take(base64.b64decode(data, validate=True))
    key, rest = take(rest)
    if kind.encode() != TYPE or name != TYPE or rest:
        sys.exit("not a composite key")
    lines = signature_text.strip().splitlines()
    if lines[0] != "-----BEGIN SSH SIGNATURE-----" or lines[-1] != "-----END SSH SIGNATURE-----":
        sys.exit("not an armored signature")
    blob = base64.b64decode("".join(lines[1:-1]), validate=True)
    if blob[:6] != b"SSHSIG" or blob[6:10] != b"\x00\x00\x00\x01":
        sys.exit("not an SSHSIG of version 1")
    signer, rest = take(blob[10:])
    space, rest = take(rest)
    reserved, rest = take(rest)
    digest, rest = take(rest)
    signature, rest = take(rest)
    if signer != string(TYPE) + string(key) or rest or reserved or digest != b"sha512":
        sys.exit("the envelope is not what it should be")
    if space != namespace:
        sys.exit("another namespace")
    name, inner = take(signature)
    inner, rest = take(inner)
    if name != TYPE or rest or len(inner) != MLDSA_SIGNATURE + 64:
        sys.exit("the signature is not a composite")
    signed = representative(namespace, message)
    try:
        MLDSA44PublicKey.from_public_bytes(key[:MLDSA_KEY]).verify(inner[:MLDSA_SIGNATURE], signed, LABEL)
    except InvalidSignature:
        sys.exit("the ML-DSA half does not hold")
    try:
        Ed25519PublicKey.from_public_bytes(key[MLDSA_KEY:]).verify(inner[MLDSA_SIGNATURE:], signed)
    except InvalidSignature:
        sys.exit("the Ed25519 half does not hold")
    print("both halves hold")


def sign(namespace, message):
    mldsa, ed25519 = MLDSA44PrivateKey.generate(), Ed25519PrivateKey.generate()
    raw = lambda key: key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = string(TYPE) + string(raw(mldsa) + raw(ed25519))
    signed = representative(namespace, message)
    inner = mldsa.sign(signed, LABEL) + ed25519.sign(signed)
    blob = b"SSHSIG" + struct.pack(">I", 1) + string(key) + string(namespace) + string(b"") + string(b"sha512")
    blob += string(string(TYPE) + string(inner))
    text = base64.b64encode(blob).decode()
    body = "".join(text[at : at + 70] + "\n" for at in range(0, len(text), 70))
    line = TYPE.decode() + " " + base64.b64encode(key).decode() + "\n"
    return line, "-----BEGIN SSH SIGNATURE-----\n" + body + "-----END SSH SIGNATURE-----\n"


def read(path):
    with open(path, "rb") as file:
        return file.read()


if __name__ == "__main__":
    verb, rest = sys.argv[1], sys.argv[2:]
    if verb == "verify":
        key, signature, namespace, message = rest
        verify(read(key).decode(), read(signature).decode(), namespace.encode(), read(message))
    elif verb == "sign":
        namespace, message, key_out, signature_out = rest
        line, text = sign(namespace.encode(), read(message))
        with open(key_out, "w") as file:
            file.write(line)
        with open(signature_out, "w") as file:
            file.write(text)
    else:
        sys.exit(f"no verb {verb}")

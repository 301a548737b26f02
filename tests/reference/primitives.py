"""What every format is spelled and signed with: text, base64, SSH's keys and signatures, sealed files.

Each function reads what its section's page of docs/spec says, and raises Refused for anything else.
"""

import hashlib
import re
import struct
from base64 import b64decode, b64encode
from calendar import monthrange

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey


class Refused(Exception):
    pass


def demand(truth, why):
    if not truth:
        raise Refused(why)


# --- README.md: one spelling of everything

NUMBER, DIGEST, HEX = "(0|[1-9][0-9]{0,19})", "([0-9a-f]{64})", "[0-9a-f]{64}"
CONTROLS = r"\x00-\x1f\x7f-\x9f"
STEERING = (
    rf"[{CONTROLS}\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
PLAIN = rf"([^\s+{CONTROLS}]+)"


def parsed(pattern, data, what):
    """The groups of a pattern that is the whole text; a dot is any character but a line feed."""
    try:
        found = re.fullmatch(pattern, data if isinstance(data, str) else data.decode())
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None
    demand(found, f"not {what}")
    return found.groups()


def number(text):
    demand(int(text) < 2**64, "a number above 64 bits")
    return int(text)


def base64(text):
    parsed("([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", text, "base64")
    demand(b64encode(b64decode(text)).decode() == text, "base64 in another spelling")
    return b64decode(text)


def short(text, most):
    demand(1 <= len(text.encode()) <= most, "nothing, or too long")
    return text


def day(text):
    """A day that the calendar has."""
    year, month, at = map(int, parsed("([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})", text, "a day"))
    demand(1 <= at <= monthrange(year, month)[1], "no such day")
    return text


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- sshsig.md: keys and signatures

P = 2**255 - 19
# The y of the points of order 8; with 0, 1 and -1 these are all points of small order.
Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SIZES = {"ssh-ed25519": (32, 64), "ssh-mldsa44-ed25519": (1344, 2484)}
ENVELOPE = "-----BEGIN SSH SIGNATURE-----\n((?:.{70}\n)*.{1,70}\n)-----END SSH SIGNATURE-----\n"


def strong(key):
    y = int.from_bytes(key, "little") % 2**255
    demand(y < P and y not in (0, 1, P - 1, Y8, P - Y8), "a weak key")
    return key


def holds(kind, key, signature, *message):
    try:
        kind.from_public_bytes(key).verify(signature, *message)
    except InvalidSignature:
        raise Refused("a signature does not hold") from None


def strings(blob, count):
    """SSH's strings, each behind its length."""
    for _ in range(count):
        end = 4 + int.from_bytes(blob[:4], "big")
        demand(len(blob) >= end, "a string is cut short")
        yield blob[4:end]
        blob = blob[end:]
    demand(not blob, "bytes left over")


def ssh_key(blob):
    kind, key = strings(blob, 2)
    kind = kind.decode("latin-1")
    demand(kind in SIZES and len(key) == SIZES[kind][0], "no key of ours")
    return kind, key[:-32] + strong(key[-32:])


def key_line(line, kind="ssh-ed25519"):
    key = ssh_key(base64(*parsed(f"{kind} (.+)", line, f"a line of {kind}")))
    demand(key[0] == kind, "a key of another kind than its line")
    return key


def key_pair(lines):
    return [key_line(line, kind) for line, kind in zip(lines, SIZES, strict=True)]


def sshsig(envelope, role="sanduq-bundle", key=None, message=None):
    """The key of a signature in its envelope; where a key and a message are given, theirs."""
    (body,) = parsed(ENVELOPE, envelope, "an envelope")
    blob = base64(body.replace("\n", ""))
    demand(blob[:10] == b"SSHSIG\0\0\0\1", "another version")
    signer, *head, inner = strings(blob[10:], 5)
    demand(head == [role.encode(), b"", b"sha512"], "another role or hash")
    kind, public = ssh_key(signer)
    algorithm, signature = strings(inner, 2)
    demand(algorithm == kind.encode() and len(signature) == SIZES[kind][1], "a signature of another kind")
    if key is None:
        return kind, public
    demand(key == (kind, public), "signed by another key")
    parts = [*head, hashlib.sha512(message).digest()]
    signed = b"SSHSIG" + b"".join(struct.pack(">I", len(part)) + part for part in parts)
    if len(public) > 32:
        label = b"COMPSIG-MLDSA44-Ed25519-SHA512"
        signed = b"CompositeAlgorithmSignatures2025" + label + b"\0" + hashlib.sha512(signed).digest()
        holds(MLDSA44PublicKey, public[:1312], signature[:2420], signed, label)
    holds(Ed25519PublicKey, public[-32:], signature[-64:], signed)


def signed_twice(signatures, role, keys, message):
    for envelope, key in zip(signatures, keys, strict=True):
        sshsig(envelope, role, key, message)


# --- sealed-file.md, padding.md


def bech32(text, prefix):
    alphabet, check = "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 1
    values = [alphabet.index(c) for c in parsed(f"{prefix}1([{alphabet}]{{6,}})", text, f"Bech32 of {prefix}")[0]]
    for value in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= factor * (top >> bit & 1)
    bits = "".join(f"{value:05b}" for value in values[:-6])
    left = len(bits) % 8
    demand(check == 1 and left < 5 and "1" not in bits[len(bits) - left :], "a checksum or the last bits do not hold")
    return int("0" + bits[: len(bits) - left], 2).to_bytes(len(bits) // 8, "big")


def recipient(text):
    key = bech32(text, "age1pq")
    demand(len(key) == 1184 + 32, "no recipient")
    threes = [int.from_bytes(key[at : at + 3], "little") for at in range(0, 1152, 3)]
    demand(all(three & 4095 < 3329 and three >> 12 < 3329 for three in threes), "a coefficient that is not reduced")
    demand(int.from_bytes(key[1184:], "little") < P, "an X25519 key that is not canonical")
    try:
        X25519PrivateKey.from_private_bytes(bytes(32)).exchange(X25519PublicKey.from_public_bytes(key[1184:]))
    except ValueError:
        raise Refused("an X25519 key of small order") from None


def sealed(head):
    shape = "age-encryption.org/v1\n-> mlkem768x25519 (.{1494})\n(.{43})\n--- (.{43})\n"
    for text in parsed(shape, head[:1627].decode("latin-1"), "a sealed file"):
        base64(text + "=" * (-len(text) % 4))


def sealed_len(length):
    return 1627 + 16 + length + 16 * max(1, -(-length // 65536))


def padded(length):
    length = max(length, 1 << 20)
    e = length.bit_length() - 1
    step = 1 << e - e.bit_length()
    return -(-length // step) * step


def padding(data):
    for length, longer in re.findall("(.+) (.+)\n", data.decode()):
        demand(padded(int(length)) == int(longer), "another class")

"""Stamps over a head of the log: docs/spec/time.md."""

import hashlib
import re

from primitives import demand

OTS = b"\0OpenTimestamps\0\0Proof\0\xbf\x89\xe2\xe8\x84\xe8\x92\x94\x01\x08"
PENDING, BITCOIN = bytes.fromhex("83dfe30d2ef90c8e"), bytes.fromhex("0588960d73d71901")


def stamp(text, data):
    """A stamp over the text of a checkpoint."""
    imprint = ots(data) if data.startswith(OTS[:31]) else token(data)
    demand(imprint == hashlib.sha256(text).digest(), "a stamp over something else")


def varint(data):
    """A number in bytes of seven bits, and what follows it."""
    end = next((at for at, byte in enumerate(data[:9]) if byte < 128), None)
    demand(end is not None and (end == 0 or data[end]), "no number, or one spelled longer")
    return sum((byte & 127) << 7 * at for at, byte in enumerate(data[: end + 1])), data[end + 1 :]


def piece(data, most, least=0):
    length, data = varint(data)
    demand(least <= length <= min(most, len(data)), "a piece cut short, too long, or empty")
    return data[:length], data[length:]


def ots(data):
    """The digest that a proof of OpenTimestamps is over."""
    demand(data.startswith(OTS) and len(data) <= 65536, "no proof of this version over SHA-256, or too long")
    imprint, data = data[len(OTS) : len(OTS) + 32], data[len(OTS) + 32 :]
    demand(len(imprint) == 32, "cut short")
    ways, ends = [imprint], 0
    while ways:
        message, several, data = ways.pop(), data[:1] == b"\xff", data.removeprefix(b"\xff")
        if several:
            ways.append(message)
        step, data = data[:1], data[1:]
        if step in (b"\xf0", b"\xf1"):
            added, data = piece(data, 4096, 1)
            ways.append(message + added if step == b"\xf0" else added + message)
        elif step == b"\x08":
            ways.append(hashlib.sha256(message).digest())
        else:
            demand(step == b"\0" and len(data) >= 8, "a step that is not known")
            kind, (says, data) = data[:8], piece(data[8:], 8192)
            attestation(kind, says, message)
            ends += 1
        demand(len(ways) + ends <= 64 and all(len(one) <= 4096 for one in ways[-1:]), "too many ways, or too much on one")
    demand(not data, "something behind the last end")
    return imprint


def attestation(kind, says, message):
    if kind == PENDING:
        address, rest = piece(says, 1000)
        demand(not rest and re.fullmatch(rb"[A-Za-z0-9._/:-]*", address), "no address of a calendar")
    elif kind == BITCOIN:
        demand(not varint(says)[1] and len(message) == 32, "no height, or no root")


def der(data, tag):
    """The content of a value of this tag, and what follows it."""
    demand(len(data) >= 2 and data[0] == tag, "another value")
    size, start = data[1], 2
    if size >= 128:
        start, size = 2 + size - 128, int.from_bytes(data[2 : 2 + size - 128], "big")
        demand(size >= 128 and data[2], "a length spelled longer")
    demand(len(data) >= start + size, "cut short")
    return data[start : start + size], data[start + size :]


def token(data):
    """The imprint in an authority's granted response; who signed it openssl says."""
    said, rest = der(data, 0x30)
    demand(not rest and said.startswith(bytes.fromhex("3003020100")), "not granted, or something behind it")
    kind, said = der(der(said[5:], 0x30)[0], 6)
    demand(kind == bytes.fromhex("2a864886f70d010702"), "no signed data")
    said = der(der(said, 0xA0)[0], 0x30)[0]
    kind, content = der(der(der(der(said, 2)[1], 0x31)[1], 0x30)[0], 6)
    demand(kind == bytes.fromhex("2a864886f70d0109100104"), "no time stamp")
    info = der(der(der(content, 0xA0)[0], 4)[0], 0x30)[0]
    imprint = der(der(der(info, 2)[1], 6)[1], 0x30)[0]
    kind, _ = der(der(imprint, 0x30)[0], 6)
    demand(kind == bytes.fromhex("608648016503040201"), "another hash")
    return der(der(imprint, 0x30)[1], 4)[0]

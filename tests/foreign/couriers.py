"""The couriers' identity of their share files, with Python's standard library alone, as docs/spec/courier.md says it.

    python3 couriers.py FILE FILE…        prints AGE-SECRET-KEY-PQ-1…
"""

import hashlib
import hmac
import sys
import zlib

WORDS = (
    "able acid also apex aqua arch atom aunt away axis back bald barn belt beta bias "
    "blue body brag brew bulb buzz calm cash cats chef city claw code cola cook cost "
    "crux curl cusp cyan dark data days deli dice diet door down draw drop drum dull "
    "duty each easy echo edge epic even exam exit eyes fact fair fern figs film fish "
    "fizz flap flew flux foxy free frog fuel fund gala game gear gems gift girl glow "
    "good gray grim guru gush gyro half hang hard hawk heat help high hill holy hope "
    "horn huts iced idea idle inch inky into iris iron item jade jazz join jolt jowl "
    "judo jugs jump junk jury keep keno kept keys kick kiln king kite kiwi knob lamb "
    "lava lazy leaf legs liar limp lion list logo loud love luau luck lung main many "
    "math maze memo menu meow mild mint miss monk nail navy need news next noon note "
    "numb obey oboe omit onyx open oval owls paid part peck play plus poem pool pose "
    "puff puma purr quad quiz race ramp real redo rich road rock roof ruby ruin runs "
    "rust safe saga scar sets silk skew slot soap solo song stub surf swan taco task "
    "taxi tent tied time tiny toil tomb toys trip tuna twin ugly undo unit urge user "
    "vast very veto vial vibe view visa void vows wall wand warm wasp wave waxy webs "
    "what when whiz wolf work yank yawn yell yoga yurt zaps zero zest zinc zone zoom"
).split()


def times(a, b):
    """The product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = a << 1 ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def inverse(a):
    result = 1
    for _ in range(254):
        result = times(result, a)
    return result


def at(x, points):
    """The polynomial through these points, byte by byte, at x."""
    value = bytes(32)
    for xi, yi in points.items():
        factor = 1
        for xj in points:
            if xj != xi:
                factor = times(factor, times(x ^ xj, inverse(xi ^ xj)))
        value = bytes(v ^ times(factor, y) for v, y in zip(value, yi))
    return value


def share_of(path):
    """How many are needed, the share's place, and its value."""
    with open(path, encoding="ascii", newline="") as file:
        *head, words = file.read().removesuffix("\n").split("\n")
    assert head[0] == "sanduq-courier/1"
    number = WORDS.index(words.split()[9]) & 15
    own = hashlib.sha256((words + "\n").encode()).hexdigest()
    assert head[2 + number] == f"{own}  share-{number + 1}", f"{path}: changed"
    data = bytes(WORDS.index(word) for word in words.split())
    body, check = data[:-4], data[-4:]
    assert zlib.crc32(body).to_bytes(4, "big") == check, f"{path}: misspelt"
    assert body[:5] == bytes.fromhex("d99d755825") and body[7] == 0
    return (body[8] & 15) + 1, number, body[10:]


def polymod(values):
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            check ^= generator if top >> place & 1 else 0
    return check


def bech32(prefix, data):
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[place : place + 5], 2) for place in range(0, len(bits), 5)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    check = polymod(expanded + values + [0] * 6) ^ 1
    values += [check >> 5 * (5 - place) & 31 for place in range(6)]
    return prefix + "1" + "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[value] for value in values)


def main():
    shares = [share_of(path) for path in sys.argv[1:]]
    needed = shares[0][0]
    points = {number: value for _, number, value in shares[:needed]}
    assert len(points) == needed, "more shares are needed"
    secret, digest = at(255, points), at(254, points)
    assert hmac.new(digest[4:], secret, hashlib.sha256).digest()[:4] == digest[:4], "they do not fit"
    print(bech32("age-secret-key-pq-", secret).upper())


if __name__ == "__main__":
    main()

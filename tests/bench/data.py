"""Invented data to measure with, the same bytes each time.

  data.py FOLDER SET SCALE     makes FOLDER/SET, unless it is there

  film     one file of 2 GiB that nothing can compress
  notes    20,000 texts of 1 to 64 KiB
  photos   2,000 files of 0.2 to 4 MB that nothing can compress

SCALE 1 is all of it, 0.1 a tenth: of the film the length, of the others their number.
"""

import random
import sys
from pathlib import Path

FILM_BYTES, NOTES, PHOTOS = 2 << 30, 20_000, 2_000
PIECE = 1 << 20
JPEG = bytes.fromhex("ffd8ffe000104a46494600010101004800480000")


def film(folder, scale, dice):
    with open(folder / "interview.mp4", "wb") as file:
        for _ in range(max(1, round(FILM_BYTES * scale / PIECE))):
            file.write(dice.randbytes(PIECE))


def notes(folder, scale, dice):
    syllables = [a + b for a in "b d f g h j k l m n r s sh t v z".split() for b in "a e i o u".split()]
    words = ["".join(dice.choices(syllables, k=dice.randint(1, 4))) for _ in range(20_000)]
    for number in range(round(NOTES * scale)):
        below = folder / f"{number // 500:03}"
        below.mkdir(exist_ok=True)
        text = " ".join(dice.choices(words, k=13_000))
        (below / f"note-{number:05}.txt").write_text(text[: dice.randint(1 << 10, 1 << 16)])


def photos(folder, scale, dice):
    for number in range(round(PHOTOS * scale)):
        below = folder / f"{number // 200:02}"
        below.mkdir(exist_ok=True)
        body = dice.randbytes(int(200_000 * 20 ** dice.random()))
        (below / f"photo-{number:05}.jpg").write_bytes(JPEG + body + b"\xff\xd9")


SETS = {make.__name__: make for make in (film, notes, photos)}


def make(folder, name, scale):
    """The folder of a set, made where it is not there whole."""
    place = Path(folder) / f"{name}-{scale:g}"
    if not place.is_dir():
        growing = place.with_suffix(".part")
        growing.mkdir(parents=True, exist_ok=True)
        SETS[name](growing, scale, random.Random(f"sanduq {name}"))
        growing.rename(place)
    return place


if __name__ == "__main__":
    print(make(sys.argv[1], sys.argv[2], float(sys.argv[3])))

#!/usr/bin/env python3
"""Parity as docs/spec/volume.md defines it, written from that page alone: plain Python, slow, no tables but one.

    parity.py encode DIR             prints the SHA-256 of each parity of DIR/slices
    parity.py solve DIR NUMBER…      prints the SHA-256 of each slice, from these parts of DIR alone
"""
import hashlib
import pathlib
import sys

POLYNOMIAL = 0x1002D
BASIS = [int(word, 16) for word in (
    "0001 ACCA 3C0E 163E C582 ED2E 914C 4012 6C98 10D8 6A72 B900 FDB8 FB34 FF38 991E".split())]
BLOCK, HALF = 64, 32

# An element is a number whose bits say which members of the basis it is made of; this is it as a polynomial.
AS_POLYNOMIAL = [0] * 65536
for number in range(65536):
    for bit in range(16):
        if number >> bit & 1:
            AS_POLYNOMIAL[number] ^= BASIS[bit]
AS_NUMBER = {polynomial: number for number, polynomial in enumerate(AS_POLYNOMIAL)}
assert len(AS_NUMBER) == 65536


def times(a, b):
    a, b, product = AS_POLYNOMIAL[a], AS_POLYNOMIAL[b], 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a >> 16:
            a ^= POLYNOMIAL
        b >>= 1
    return AS_NUMBER[product]


def power(a, exponent):
    result = AS_NUMBER[1]
    while exponent:
        if exponent & 1:
            result = times(result, a)
        a = times(a, a)
        exponent >>= 1
    return result


def inverse(a):
    return power(a, 65534)


def row(parity, slices, parities):
    """What each slice is multiplied with for this parity: Lagrange's polynomials of the group it is in."""
    n = 1
    while n < parities:
        n *= 2
    factors = []
    for slice in range(slices):
        place = n + slice
        group = place - place % n
        above, below = AS_NUMBER[1], AS_NUMBER[1]
        for other in range(group, group + n):
            if other != place:
                above = times(above, parity ^ other)
                below = times(below, place ^ other)
        factors.append(times(above, inverse(below)))
    return factors


def elements(data):
    found = []
    for at in range(0, len(data), BLOCK):
        found += [data[at + i] | data[at + HALF + i] << 8 for i in range(HALF)]
    return found


def data_of(found):
    data = bytearray()
    for at in range(0, len(found), HALF):
        data += bytes(element & 255 for element in found[at:at + HALF])
        data += bytes(element >> 8 for element in found[at:at + HALF])
    return bytes(data)


def combine(factors, columns):
    sums = [0] * len(columns[0])
    for factor, column in zip(factors, columns):
        for at, element in enumerate(column):
            sums[at] ^= times(factor, element)
    return sums


def solve(rows, values):
    """Gauss's elimination."""
    count = len(rows)
    for at in range(count):
        pivot = next(line for line in range(at, count) if rows[line][at])
        rows[at], rows[pivot] = rows[pivot], rows[at]
        values[at], values[pivot] = values[pivot], values[at]
        factor = inverse(rows[at][at])
        rows[at] = [times(factor, element) for element in rows[at]]
        values[at] = [times(factor, element) for element in values[at]]
        for line in range(count):
            factor = rows[line][at]
            if line != at and factor:
                rows[line] = [a ^ times(factor, b) for a, b in zip(rows[line], rows[at])]
                values[line] = [a ^ times(factor, b) for a, b in zip(values[line], values[at])]
    return values


def main(verb, folder, *numbers):
    folder = pathlib.Path(folder)
    told = dict(line.split(": ") for line in (folder / "volume.txt").read_text().splitlines()[1:])
    slices, parities = int(told["slices"]), int(told["parity"])
    if verb == "encode":
        columns = [elements((folder / f"slices/{n:04}").read_bytes()) for n in range(1, slices + 1)]
        made = [combine(row(parity, slices, parities), columns) for parity in range(parities)]
    else:
        rows, values = [], []
        for number in map(int, numbers):
            if number <= slices:
                rows.append([AS_NUMBER[1] if at == number - 1 else 0 for at in range(slices)])
                values.append(elements((folder / f"slices/{number:04}").read_bytes()))
            else:
                rows.append(row(number - slices - 1, slices, parities))
                values.append(elements((folder / f"parity/{number - slices:04}").read_bytes()))
        made = solve(rows, values)
    for column in made:
        print(hashlib.sha256(data_of(column)).hexdigest())


main(*sys.argv[1:])

"""Kernels that pack rows for the way to other machines: as they are, or their changes in 16 bits.

A change is rounded up or down with the probability that makes the mean of many roundings exact. What is
random is a hash of its bits and of its place, so that it is rounded alike by whoever packs it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from embedkit.simd.compiling import compiled

_MIX, _SCATTER = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)  # odd, with bits in no order
_SIGN, _NUMBER = np.uint32(0x80000000), np.uint32(0x7FFFFFFF)
_TO_HALF, _FROM_HALF = np.float32(2.0**-104), np.float32(2.0**104)  # 2 ** 8 times the biases' difference
_LARGEST = np.uint32(0x437FE000)  # the bits of 65504 / 2 ** 8, where 65504 is the largest float16
_INFINITY, _HALF_INFINITY = np.uint32(0x7F800000), np.uint32(0x7C00)


@njit(inline="always")
def _random(bits, place):
    """32 bits that look random."""
    mixed = np.uint32((bits ^ np.uint32(place * _SCATTER)) * _MIX)
    mixed ^= mixed >> np.uint32(15)
    return np.uint32(mixed * _SCATTER)


@njit(inline="always")
def _to_bfloat16(bits, random):
    return np.uint16((bits + (random >> np.uint32(16))) >> np.uint32(16))


@compiled(nogil=True)
def copy_rows(source: Any, source_rows: Any, target: Any, target_rows: Any) -> None:
    """Write rows of `source` to rows of `target`, as many numbers as both have."""
    size = min(source.shape[1], target.shape[1])
    for i in range(len(source_rows)):
        own, other = target[target_rows[i]], source[source_rows[i]]
        for j in range(size):  # assigning slices takes two seconds to compile: for the words of an error
            own[j] = other[j]


@compiled(nogil=True)
def pack_changes(
    made: Any, made_rows: Any, base: Any, base_rows: Any, numbers: Any, half: Any, packed: Any
) -> None:
    """Write what rows of `made` differ from rows of `base` to `packed`, uint16 (n, D), rounded.

    The rows of `made` become what whoever unpacks will have. Numbers are of float16 if `half`, else bfloat16;
    `numbers` (n,) tells the places of the rows by which is rounded.
    """
    changes, size = np.empty(packed.shape[1], np.float32), packed.shape[1]
    bits = changes.view(np.uint32)
    for i in range(len(made_rows)):
        own, shared, place = made[made_rows[i]], base[base_rows[i]], np.uint32(numbers[i] * size)
        for j in range(size):
            changes[j] = own[j] - shared[j]
        if half:
            _pack_half(changes, bits, place, packed[i])
        else:
            for j in range(size):
                packed[i, j] = _to_bfloat16(bits[j], _random(bits[j], np.uint32(place + j)))
        _widen(packed[i], half, changes, bits)
        for j in range(size):
            own[j] = shared[j] + changes[j]


@njit(inline="always")
def _pack_half(changes, bits, place, packed):
    """Write changes times 2 ** 8, of which the small ones would be subnormal: imprecise, and slow.

    A float16 is the upper bits of a float32 whose exponent was lowered by the difference of the biases.
    """
    for j in range(len(packed)):
        sign = (bits[j] & _SIGN) >> np.uint32(16)
        random = _random(bits[j], np.uint32(place + j)) >> np.uint32(19)
        number = bits[j] & _NUMBER
        bits[j] = min(number, _LARGEST)
        changes[j] *= _TO_HALF
        rounded = min((bits[j] + random) >> np.uint32(13), _HALF_INFINITY - np.uint32(1))
        packed[j] = np.uint16(sign | (rounded if number < _INFINITY else _HALF_INFINITY))


@njit(inline="always")
def _widen(packed, half, changes, bits):
    """Write the float32 that 16 bits stand for to `changes`, whose bits are `bits`."""
    for j in range(len(packed)):
        short = np.uint32(packed[j])
        if half:
            number = short & np.uint32(0x7FFF)
            bits[j] = number << np.uint32(13)
            changes[j] *= _FROM_HALF
            if number >= _HALF_INFINITY:
                bits[j] = _INFINITY
            bits[j] |= (short & np.uint32(0x8000)) << np.uint32(16)
        else:
            bits[j] = short << np.uint32(16)


@compiled(nogil=True)
def unpack_changes(packed: Any, half: Any, base: Any, base_rows: Any, made: Any, made_rows: Any) -> None:
    """Write rows of `base` with the changes that `pack_changes` packed to rows of `made`."""
    size = packed.shape[1]
    changes = np.empty(size, np.float32)
    bits = changes.view(np.uint32)
    for i in range(len(made_rows)):
        own, shared = made[made_rows[i]], base[base_rows[i]]
        _widen(packed[i], half, changes, bits)
        for j in range(size):
            own[j] = shared[j] + changes[j]

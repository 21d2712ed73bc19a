"""Kernels of distributed bags of words, PV-DBOW (Le and Mikolov 2014, section 2.3), by negative sampling.

The vector of a document predicts its targets: words, or n-grams of words, each for itself. The score of a
pair is the dot product, or the cosine times a scale (Thongtan and Phienthrakul 2019, section 3), on vectors
that stay of about length 1. Up to `POSITIVES` targets share the noise targets that fill a tile of sixteen
rows, and together weigh `negative` times as much as they. `embedkit.training.reference.document_vectors` says
the same in numpy.

Threads share the targets without locks (Niu et al. 2011); a document is of one thread.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numba import njit

from embedkit.simd import intrinsics, lanes, storage
from embedkit.simd.compiling import check_compiler, code_version, compiled
from embedkit.simd.intrinsics import prefetch_to_read, prefetch_to_write
from embedkit.simd.lanes import LANES
from embedkit.simd.storage import aligned, padded
from embedkit.training.kernels import document_tiles, draws, private_rows
from embedkit.training.kernels.document_tiles import FACTORS, move_tile, score_cosines, score_dots
from embedkit.training.kernels.draws import GOLDEN, below, mix
from embedkit.training.kernels.private_rows import COPIED_AHEAD, own_row

# Targets of a document in a tile, by dot products and by cosines: the more, the faster, and the fewer noise
# rows for each. By dot products, 6 are half as fast again, and 0.4 % less accurate on reviews.
POSITIVES = 4, 6
FEW = 32  # targets: with less, a tile would turn its document too far at once
_FAST_MATH = {"contract", "nsz", "arcp"}


@functools.cache
def bag_trainer(vector_size: int, cosine: bool, frozen: bool) -> Any:
    """Compile `train_bags` for these; with `frozen` the targets stay as they are."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    positives = POSITIVES[cosine]
    code = code_version(draws, intrinsics, lanes, document_tiles, private_rows, storage)

    @compiled(nogil=True, fastmath=_FAST_MATH)
    def train_bags(
        documents, targets, numbers, first, offsets, ids, keep, noise, negative, scale,
        document_rate, rate, share, last_share, key, own_streams, private,
    ):  # fmt: skip
        """Train on the documents `numbers` of a shard, one after the other, in place.

        Document i holds the targets `ids[offsets[i]:offsets[i + 1]]`, of which those beyond `keep` are none;
        its vector is row `first + i` of `documents`. That and `targets` are flat float32 matrices of `stride`
        floats a row. The rates are multiplied by what falls from `share` to `last_share`; on cosines all
        targets of a document together turn it by `document_rate`, fewer than `FEW` by less. Each document
        draws from a stream of its own or, unless `own_streams`, all from the same. Returns the number of
        predictions made and the sum of their losses, that of their noise included. With `private` rows of
        `targets`, the last of them, see `private_rows`, only these and the documents are changed.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        longest = 0
        for number in numbers:
            longest = max(longest, offsets[number + 1] - offsets[number])
        kept = np.empty(longest, np.int32)
        capacity = LANES * (longest // positives + 1)
        rows = np.empty(capacity, np.int64)
        weights = aligned(capacity)
        factors = aligned(FACTORS)
        totals = aligned(LANES)
        predictions = 0
        loss = 0.0
        for i in range(len(numbers)):
            number = numbers[i]
            stream = first + number + 1 if own_streams else 0
            state = mix(key + GOLDEN * np.uint64(stream))
            size, state = draw_targets(ids[offsets[number] : offsets[number + 1]], keep, state, kept)
            if size == 0:
                continue
            used = lay_out(kept, size, positives, noise, negative, stride, state, rows, weights)
            _own_targets(targets, rows, used, private, blocks)
            now = np.float32(share + (last_share - share) * i / len(numbers))
            own_rate = document_rate * now
            if cosine:
                own_rate /= np.float32(max(size, FEW))
            own = np.int64(first + number) * stride
            totals[:] = 0
            for tile in range(0, used, LANES):
                if tile + LANES < used:
                    for lane in range(LANES):
                        prefetch_to_write(targets, rows[tile + LANES + lane], blocks)
                if cosine:
                    score_cosines(
                        documents, own, targets, rows, weights, tile, scale, own_rate, rate * now,
                        factors, totals, blocks,
                    )  # fmt: skip
                else:
                    score_dots(
                        documents, own, targets, rows, weights, tile, own_rate, rate * now,
                        factors, totals, blocks,
                    )  # fmt: skip
                move_tile(documents, own, targets, rows, tile, factors, frozen, blocks)
            predictions += size
            loss -= totals.astype(np.float64).sum()
        return predictions, loss

    return train_bags


@njit(inline="always")
def draw_targets(ids, keep, state, kept):
    """Write the targets that survive subsampling to `kept`, in random order; returns their number, and state.

    Each is kept by its threshold in `keep`, and put at a place drawn among those before it, whose target goes
    to the end (Fisher and Yates).
    """
    size = 0
    for i in range(len(ids)):
        target = ids[i]
        if target >= len(keep):
            continue
        state += GOLDEN
        bits = mix(state)
        if np.uint32(bits >> np.uint64(32)) <= keep[target]:
            place = below(bits << np.uint64(32), size + 1)
            kept[size] = kept[place]
            kept[place] = target
            size += 1
    return size, state


@njit(inline="always")
def lay_out(kept, size, positives, noise, negative, stride, state, rows, weights):
    """Write the rows and weights of the tiles of a document; returns how many there are.

    A tile has up to `positives` targets of weight 1; all others of its sixteen rows are draws from the alias
    table `noise`, whose weights together are `-negative` times theirs.
    """
    used = 0
    for start in range(0, size, positives):
        some = min(positives, size - start)
        for lane in range(some):
            rows[used + lane] = np.int64(kept[start + lane]) * stride
            weights[used + lane] = 1
        weight = -np.float32(negative) * np.float32(some) / np.float32(LANES - some)
        for lane in range(some, LANES):
            state += GOLDEN
            bits = mix(state)
            drawn = below(bits, len(noise))
            if np.uint32(bits) > noise[drawn, 0]:
                drawn = np.int64(noise[drawn, 1])
            rows[used + lane] = drawn * stride
            weights[used + lane] = weight
        used += LANES
    return used


@njit(inline="always")
def _own_targets(targets, rows, used, private, blocks):
    """Replace the shared rows of the tiles of a document by the worker's own, if it has such."""
    if private is not None:
        stride = blocks * LANES
        for i in range(used):
            if i + COPIED_AHEAD < used:
                prefetch_to_read(targets, rows[i + COPIED_AHEAD], blocks)
            rows[i] = np.int64(own_row(targets, np.int32(rows[i] // stride), private[-1], blocks)) * stride

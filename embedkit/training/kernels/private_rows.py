"""Kernels of training in rounds: rows that a worker has to itself, and those of all workers merged.

A pool is a flat matrix: first the shared rows, one a word, then rows of which each worker has a range of its
own. `places[k, w]` is the row in which worker k finds word w: w itself, the shared row, until the worker
changes it; from then on a row of its own.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from embedkit.simd import intrinsics, lanes
from embedkit.simd.compiling import check_compiler, code_version, compiled
from embedkit.simd.intrinsics import INDEX, emits, prefetch_to_read, prefetch_to_write, read
from embedkit.simd.lanes import LANES, Lanes, loop
from embedkit.simd.storage import padded

COPIED_AHEAD = 16  # words between the request for a shared row and its copy
MERGED_AHEAD = 6  # words between the request for their rows and the merge


@njit(inline="always")
def own_samples(drawn, sources, begins, ends, first, last, places, free, samples):
    """Give each sampled word of the windows [first, last) a private row, the next after `free`.

    `drawn` holds words, and then the rows to write to; `sources` gets the rows to read: the shared row for
    the window in which a word is met first. Returns the next free row.
    """
    shared = len(places)
    for center in range(first, last):
        if ends[center] - begins[center] < 2:
            sources[center] = drawn[center]
            continue
        before = free
        for k in range(samples):
            word = drawn[center, k]
            row = places[np.uint32(word)]
            if row < shared:
                row = free
                places[np.uint32(word)] = row
                free += 1
            sources[center, k] = row if row < before else word
            drawn[center, k] = row
    return free


@njit(inline="always")
def own_words(words, begins, ends, first, last, places, free, inputs, blocks):
    """Give each word of the windows [first, last) a private row, a copy of the shared one.

    `words` gets rows for words. Returns the next free row.
    """
    shared = len(places)
    stride = blocks * LANES
    begin, end = _reach(begins, ends, first, last)
    for i in range(begin, end):
        if i + COPIED_AHEAD < end:
            row = places[np.uint32(words[i + COPIED_AHEAD])]
            if row < shared:
                prefetch_to_read(inputs, np.int64(row) * stride, blocks)
        word = words[i]
        row = places[np.uint32(word)]
        if row < shared:
            row = free
            places[np.uint32(word)] = row
            free += 1
            copy_row(inputs, np.int64(word) * stride, np.int64(row) * stride, blocks)
        words[i] = row
    return free


@njit(inline="always")
def _reach(begins, ends, first, last):
    """The words [begin, end) that stand in the windows [first, last)."""
    begin, end = first, first
    for center in range(first, last):
        begin = min(begin, begins[center])
        end = max(end, ends[center])
    return begin, end


@functools.cache
def row_merger(vector_size: int) -> Any:
    """Compile `merge` for rows of this size; compiled code is kept on disk for later processes."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    code = code_version(intrinsics, lanes)

    @compiled(nogil=True)
    def merge(pool, places, damping, start, stop):
        """Merge the rows of the words [start, stop) of all workers, in the order of the workers.

        `damping` has the number of each word by which `training.rounds.merging` merges.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        workers = len(places)
        rows = np.zeros((MERGED_AHEAD, workers), np.int64)  # a ring of words whose rows were asked for
        counts = np.zeros(MERGED_AHEAD, np.int64)
        words = np.zeros(MERGED_AHEAD, np.int64)
        last = 0
        for word in range(start, stop + MERGED_AHEAD):
            if counts[last] > 0:
                factor = np.float32(1) / (np.float32(1) + np.float32(counts[last] - 1) * damping[words[last]])
                _merge_word(pool, words[last] * stride, rows[last], counts[last], factor, blocks)
                counts[last] = 0
            if word < stop:
                counts[last] = _ask_for_rows(pool, places, word, rows[last], blocks)
                words[last] = word
            if counts[last] > 0 or word >= stop:
                last = (last + 1) % MERGED_AHEAD

    return merge


@njit(inline="always")
def _ask_for_rows(pool, places, word, rows, blocks):
    """Write the offsets of the private rows of a word to `rows`, and forget them; returns their number."""
    stride = blocks * LANES
    count = 0
    for worker in range(len(places)):
        place = places[worker, word]
        if place >= places.shape[1]:
            places[worker, word] = word
            rows[count] = np.int64(place) * stride
            prefetch_to_read(pool, rows[count], blocks)
            count += 1
    if count > 0:
        prefetch_to_write(pool, word * stride, blocks)
    return count


@njit(inline="always")
def _merge_word(pool, shared, rows, count, factor, blocks):
    """Move the row at offset `shared` by `factor` times the changes; take a single row as it is."""
    if count == 1:
        copy_row(pool, rows[0], shared, blocks)
    else:
        merge_rows(pool, shared, rows, count, factor, blocks)


@intrinsic(prefer_literal=True)
def copy_row(typing: Any, matrix: Any, source: Any, target: Any, blocks: Any) -> Any:
    """Write the row at offset `source` of a flat matrix to offset `target`."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, source, target, _) -> None:
        lanes = Lanes(builder)

        def block_body(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))
            lanes.store(lanes.load(matrix, builder.add(source, at)), matrix, builder.add(target, at))
            return []

        loop(builder, INDEX(n), [], block_body)

    return emits(types.void(matrix, types.intp, types.intp, blocks), emit)


@intrinsic(prefer_literal=True)
def merge_rows(typing: Any, matrix: Any, target: Any, rows: Any, count: Any, factor: Any, blocks: Any) -> Any:
    """Move the row at offset `target` by `factor` times the sum of what `count` rows differ from it."""
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, target, rows, count, factor, _) -> None:
        lanes = Lanes(builder)

        def block_body(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))
            offset = builder.add(target, at)
            before = lanes.load(matrix, offset)

            def add(row: ir.Value, total: ir.Value) -> list[ir.Value]:
                private = lanes.load(matrix, builder.add(read(builder, rows, row), at))
                return [builder.fadd(total, builder.fsub(private, before))]

            [change] = loop(builder, count, [lanes.constant(0)], add)
            lanes.store(lanes.fma(change, lanes.splat(factor), before), matrix, offset)
            return []

        loop(builder, INDEX(n), [], block_body)

    return emits(types.void(matrix, types.intp, rows, types.intp, types.float32, blocks), emit)

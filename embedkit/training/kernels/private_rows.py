"""Kernels of training in rounds: rows that a worker has to itself, and those of all workers merged.

A pool is a flat matrix: first the shared rows, then rows of which each worker has a range of its own. What a
worker knows of it is a `PrivateRows` (see `embedkit.training.rounds.row_pool`): `places[w]` is the row that
it changes instead of w, negative until it meets w in a round. Then it takes a row of its own, or w itself if
no other worker touches that.
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

COPIED_AHEAD = 16  # rows between the request for a shared row and its copy
MERGED_AHEAD = 6  # rows between the request for their rows and the merge


@njit(inline="always")
def _take(row, private):
    """Choose the row that the worker changes instead of a shared one; nothing is copied."""
    if private.touched[np.uint32(row)] == 1:
        private.places[np.uint32(row)] = row
        private.alone[private.used[1]] = row
        private.used[1] += 1
        return row
    place = np.int32(private.first + private.used[0])
    private.places[np.uint32(row)] = place
    private.changed[private.used[0]] = row
    private.used[0] += 1
    return place


@njit(inline="always")
def own_row(matrix, row, private, blocks):
    """The row that the worker changes instead of a shared one, which is copied when the worker meets it."""
    place = private.places[np.uint32(row)]
    if place < 0:
        place = _take(row, private)
        if place != row:
            copy_row(matrix, np.int64(row) * blocks * LANES, np.int64(place) * blocks * LANES, blocks)
    return place


@njit(inline="always")
def own_rows(matrix, rows, begin, end, private, blocks):
    """Replace the shared rows `rows[begin:end]` by the worker's own, copies where it meets them first."""
    for i in range(begin, end):
        if i + COPIED_AHEAD < end:
            row = rows[i + COPIED_AHEAD]
            if private.places[np.uint32(row)] < 0:
                prefetch_to_read(matrix, np.int64(row) * blocks * LANES, blocks)
        rows[i] = own_row(matrix, rows[i], private, blocks)


@njit(inline="always")
def own_samples(drawn, sources, begins, ends, first, last, private, samples):
    """Replace the shared rows `drawn` for the windows [first, last) by the worker's own.

    They are not copied: `sources` gets the rows to read, the shared row for the window that meets it first.
    """
    for center in range(first, last):
        if ends[center] - begins[center] < 2:
            for k in range(samples):
                sources[center, k] = drawn[center, k]
            continue
        before = private.first + private.used[0]
        for k in range(samples):
            row = drawn[center, k]
            place = private.places[np.uint32(row)]
            if place < 0:
                place = _take(row, private)
            sources[center, k] = place if place < before else row
            drawn[center, k] = place


@njit(inline="always")
def reach_of(begins, ends, first, last):
    """The words [begin, end) that stand in the windows [first, last)."""
    begin, end = first, first
    for center in range(first, last):
        begin = min(begin, begins[center])
        end = max(end, ends[center])
    return begin, end


@compiled(nogil=True)
def forget(private: Any) -> None:
    """Have the worker begin a round, in which it has met no row."""
    for i in range(private.used[0]):
        private.places[np.uint32(private.changed[i])] = -1
    for i in range(private.used[1]):
        private.places[np.uint32(private.alone[i])] = -1
    private.used[:] = 0


@functools.cache
def row_merger(vector_size: int) -> Any:
    """Compile `merge` for rows of this size; compiled code is kept on disk for later processes."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    code = code_version(intrinsics, lanes)

    @compiled(nogil=True)
    def merge(pool, places, changers, changed, damping, worker, workers, adopted):
        """Merge the rows `changed` by a worker that none of the workers before it have changed.

        The private rows of `workers` (first, stop, step) are merged, in their order; `places` (all workers,
        rows) says where each finds a row, and `damping` has the number of each row by which
        `training.rounds.merging` merges. `changers` says of each private row how many workers have changed
        it; it is empty where that is always one.

        With `adopted`, as long as `changed`, changes are added up for the first worker, which stands for all
        of them from then on, instead of merged; rows that it had not changed are written there.

        Returns:
            The number of these.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        first, stop, _ = workers
        found = np.zeros((MERGED_AHEAD, stop), np.int64)  # a ring of rows that were asked for
        counts = np.zeros(MERGED_AHEAD, np.int64)
        rows = np.zeros(MERGED_AHEAD, np.int64)
        last = fresh = 0
        for i in range(len(changed) + MERGED_AHEAD):
            if counts[last] > 0:
                row, place = rows[last], found[last, 0]
                if len(adopted) > 0:
                    _merge_row(pool, row * stride, place, found[last], counts[last], np.float32(1), blocks)
                    changers[place // stride] = counts[last]
                    if worker != first:
                        places[first, np.uint32(row)] = place // stride
                        adopted[fresh] = row
                        fresh += 1
                else:
                    count = _changers(changers, found[last], counts[last], stride)
                    factor = np.float32(1) / (np.float32(1) + np.float32(count - 1) * damping[row])
                    _merge_row(pool, row * stride, row * stride, found[last], counts[last], factor, blocks)
                counts[last] = 0
            if i < len(changed):
                rows[last] = changed[i]
                counts[last] = _ask_for_rows(pool, places, rows[last], worker, workers, found[last], blocks)
            if counts[last] > 0 or i >= len(changed):
                last = (last + 1) % MERGED_AHEAD
        return fresh

    return merge


@njit(inline="always")
def _changers(changers, found, count, stride):
    """How many workers have changed the private rows at the first `count` offsets in `found`."""
    if len(changers) == 0:
        return count
    total = np.int64(0)
    for i in range(count):
        total += np.int64(changers[found[i] // stride])
    return total


@njit(inline="always")
def _ask_for_rows(pool, places, row, worker, workers, found, blocks):
    """Write the offsets of the private rows in place of a shared one to `found`; returns their number.

    0 if a worker before this one has changed it.
    """
    stride = blocks * LANES
    first, stop, step = workers
    for before in range(first, worker, step):
        if places[before, np.uint32(row)] >= 0:
            return 0
    count = 0
    for changer in range(worker, stop, step):
        place = places[changer, np.uint32(row)]
        if place >= 0:
            found[count] = np.int64(place) * stride
            prefetch_to_read(pool, found[count], blocks)
            count += 1
    prefetch_to_write(pool, row * stride, blocks)
    return count


@njit(inline="always")
def _merge_row(pool, shared, target, rows, count, factor, blocks):
    """Write the row at offset `shared`, moved by `factor` times the changes, to offset `target`.

    A single row that is to move by all its changes is taken as it is.
    """
    if count == 1 and factor == 1:
        if rows[0] != target:
            copy_row(pool, rows[0], target, blocks)
    else:
        merge_rows(pool, shared, target, rows, count, factor, blocks)


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
def merge_rows(
    typing: Any, matrix: Any, shared: Any, target: Any, rows: Any, count: Any, factor: Any, blocks: Any
) -> Any:
    """Write the row at offset `shared`, moved by `factor` times the sum of what `count` rows differ from it.

    It is written to offset `target`, that of one of the rows or of `shared` itself.
    """
    n = blocks.literal_value

    def emit(builder: ir.IRBuilder, matrix, shared, target, rows, count, factor, _) -> None:
        lanes = Lanes(builder)

        def block_body(block: ir.Value) -> list[ir.Value]:
            at = builder.mul(block, INDEX(LANES))
            before = lanes.load(matrix, builder.add(shared, at))

            def add(row: ir.Value, total: ir.Value) -> list[ir.Value]:
                private = lanes.load(matrix, builder.add(read(builder, rows, row), at))
                return [builder.fadd(total, builder.fsub(private, before))]

            [change] = loop(builder, count, [lanes.constant(0)], add)
            moved = lanes.fma(change, lanes.splat(factor), before)
            lanes.store(moved, matrix, builder.add(target, at))
            return []

        loop(builder, INDEX(n), [], block_body)

    arguments = matrix, types.intp, types.intp, rows, types.intp, types.float32, blocks
    return emits(types.void(*arguments), emit)

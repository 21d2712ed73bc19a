"""Word2vec kernels with hierarchical softmax (Mikolov et al. 2013b, eq. 3), one window at a time.

The path of the target word in a Huffman tree is scored against every context word (skip-gram) or against the
mean of the context words (CBOW). All context words of a window share the path, so that a window is two small
matrix products; a window is one step of gradient descent: all its rows move by the gradients as they were
when it began. `embedkit.training.reference.hierarchical_softmax` says the same in numpy.

Threads share both matrices without locks (Niu et al. 2011).
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
from embedkit.training.kernels import (
    draws,
    frozen_rows,
    negative_sampling,
    path_tiles,
    private_rows,
    window_tiles,
)
from embedkit.training.kernels.draws import draw_windows
from embedkit.training.kernels.frozen_rows import restore
from embedkit.training.kernels.negative_sampling import AHEAD, BATCH, add_log_likelihoods, context_rows
from embedkit.training.kernels.path_tiles import PART, learn_path, predict_part
from embedkit.training.kernels.private_rows import own_row, own_rows, reach_of
from embedkit.training.kernels.window_tiles import (
    best_tile_rows,
    mean_rows,
    spread_change,
)

CACHED = 512  # nodes next to the root, which are in the cache anyway
_FAST_MATH = {"contract", "nsz", "arcp"}


@functools.cache
def path_trainer(vector_size: int, cbow: bool) -> Any:
    """Compile `train_range` for these sizes; compiled code is kept on disk for later processes."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    tile_rows = best_tile_rows(PART)
    code = code_version(
        draws, frozen_rows, intrinsics, lanes, negative_sampling, path_tiles, private_rows, window_tiles,
        storage,
    )  # fmt: skip

    @compiled(nogil=True, fastmath=_FAST_MATH)
    def train_range(
        inputs,
        nodes,
        ids,
        offsets,
        start,
        stop,
        keep,
        paths,
        window,
        rate,
        final_rate,
        key,
        shrink,
        frozen,
        private,
    ):
        """Train on the windows around positions [start, stop) of a shard.

        `inputs` and `nodes` are flat float32 matrices of `stride` floats a row, changed in place; `nodes` has
        a row for each inner node of the tree and, behind them, one of zeros. `paths` are those of
        `embedkit.training.huffman`. The learning rate falls from `rate` to `final_rate` over the range.
        Returns the number of predictions made (one a context word; one a window for CBOW) and the sum of
        their losses. Rows of `inputs` that are `frozen`, see `frozen_rows.restore`, stay. With `private` rows
        of `inputs` and of `nodes`, see `private_rows`, only these are changed.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        capacity = min(BATCH, stop - start) + 2 * window
        words = np.empty(capacity, np.int32)
        begins = np.empty(capacity, np.int64)
        ends = np.empty(capacity, np.int64)
        targets = np.empty((capacity, 1), np.int32)
        spans = np.empty((capacity, 2), np.int64)
        no_noise = np.empty((0, 2), np.uint32)
        rows = np.empty(2 * window, np.int64)
        longest = -(-paths.longest // PART)
        path_rows = np.empty(longest * PART, np.int64)
        signs = aligned(longest * LANES)
        pairs = longest * (1 if cbow else 2 * window) * LANES
        steps = aligned(pairs)
        likelihoods = aligned(pairs)
        originals = aligned(2 * window * LANES)
        mean = aligned(2 * stride)
        mean_row = np.zeros(1, np.int64)
        totals = aligned(LANES)
        predictions = 0
        loss = 0.0
        for batch in range(start, stop, BATCH):
            end = min(batch + BATCH, stop)
            step_size = np.float32(rate + (final_rate - rate) * (batch - start) / (stop - start))
            first, last = draw_windows(
                ids, offsets, batch, end, keep, no_noise, window, key, words, begins, ends, targets, shrink,
                None,
            )  # fmt: skip
            for center in range(first, last):
                spans[center, 0] = paths.offsets[words[center]]
                spans[center, 1] = paths.offsets[words[center] + 1]
            if private is not None:
                begin, finish = reach_of(begins, ends, first, last)
                own_rows(inputs, words, begin, finish, private[0], blocks)
            totals[:] = 0
            for center in range(first, last):
                if center + 2 * AHEAD < last:
                    prefetch_to_read(paths.nodes, spans[center + 2 * AHEAD, 0], 2)
                    prefetch_to_write(inputs, words[center + AHEAD] * stride, blocks)
                    _prefetch_path(spans[center + AHEAD], paths, nodes, private, stride, blocks)
                contexts = context_rows(words, begins[center], ends[center], center, stride, rows)
                if contexts == 0:
                    continue
                parts = _path_of(spans[center], paths, nodes, private, blocks, path_rows, signs)
                if cbow:
                    mean_rows(inputs, rows, contexts, mean, blocks)
                    size = _train_on_path(
                        mean, mean_row, 1, nodes, path_rows, parts, signs, step_size,
                        steps, likelihoods, originals, 1, blocks,
                    )  # fmt: skip
                    spread_change(inputs, rows, contexts, mean, blocks)
                else:
                    size = _train_on_path(
                        inputs, rows, contexts, nodes, path_rows, parts, signs, step_size,
                        steps, likelihoods, originals, tile_rows, blocks,
                    )  # fmt: skip
                if frozen is not None:
                    restore(inputs, rows, contexts, frozen, private, stride)
                predictions += 1 if cbow else contexts
                add_log_likelihoods(likelihoods, size, totals)
            loss -= totals.astype(np.float64).sum()
        return predictions, loss

    return train_range


@njit(inline="always")
def _prefetch_path(span, paths, nodes, private, stride, blocks):
    """Ask for the rows of a path, but for those near the root."""
    for i in range(span[0], span[1]):
        node = np.int64(paths.nodes[i])
        if node < 0:
            node = ~node
        if node >= CACHED:
            if private is not None:
                node = np.int64(private[1].places[np.uint32(node)])
            prefetch_to_write(nodes, node * stride, blocks)


@njit(inline="always")
def _path_of(span, paths, nodes, private, blocks, path_rows, signs):
    """Write the rows of a path and their signs, with that of zeros behind; returns its parts."""
    stride = blocks * LANES
    begin = span[0]
    length = span[1] - begin
    parts = -(-length // PART)
    padding = (len(paths.offsets) - 2) * stride
    for i in range(parts * PART):
        sign = np.float32(0)
        row = np.int64(padding)
        if i < length:
            node = np.int64(paths.nodes[begin + i])
            sign = np.float32(1 if node >= 0 else -1)
            if node < 0:
                node = ~node
            if private is not None:
                node = np.int64(own_row(nodes, np.int32(node), private[1], blocks))
            row = node * stride
        path_rows[i] = row
        place = i // PART * LANES + i % PART
        signs[place] = sign
        signs[place + PART] = sign
    return parts


@njit(inline="always")
def _train_on_path(
    contexts, rows, count, nodes, path_rows, parts, signs, rate,
    steps, likelihoods, originals, tile_rows, blocks,
):  # fmt: skip
    """One prediction a context row. Returns the length of `likelihoods`."""
    size = 0
    for part in range(parts):
        row = 0
        while row + tile_rows <= count:
            predict_part(
                contexts, rows, row, nodes, path_rows, part, signs, rate,
                steps, likelihoods, size, tile_rows, blocks,
            )  # fmt: skip
            row += tile_rows
            size += LANES
        if row < count:
            predict_part(
                contexts, rows, row, nodes, path_rows, part, signs, rate, steps, likelihoods, size, 1, blocks
            )
            size += LANES
    learn_path(contexts, rows, count, nodes, path_rows, parts, steps, originals, tile_rows, blocks)
    return size

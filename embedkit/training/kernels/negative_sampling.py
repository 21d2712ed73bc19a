"""Word2vec kernels with negative sampling (Mikolov et al. 2013b, eq. 4), one window at a time.

The target word of a window and its `negative` noise words are scored against every context word (skip-gram)
or against the mean of the context words (CBOW). All words of a window share its noise words, so a window is
two small matrix products, and every row of it is read and written once; updates use the rows as they were
when the window began. `embedkit.training.reference` says the same in numpy.

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
from embedkit.training.kernels import draws, frozen_rows, private_rows, window_tiles
from embedkit.training.kernels.draws import draw_windows
from embedkit.training.kernels.frozen_rows import restore
from embedkit.training.kernels.private_rows import own_rows, own_samples, reach_of
from embedkit.training.kernels.window_tiles import (
    MAX_LIKELIHOODS,
    add_log_likelihood,
    best_tile_rows,
    learn_apart,
    mean_rows,
    predict,
    spread_change,
    tile_size,
)

BATCH = 4096  # words whose windows are drawn ahead: their samples stay in the second-level cache
AHEAD = 4  # windows between the request for a row and its use
_FAST_MATH = {"contract", "nsz", "arcp"}


@functools.cache
def window_trainer(vector_size: int, negative: int, cbow: bool) -> Any:
    """Compile `train_range` for these sizes; compiled code is kept on disk for later processes."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    samples = negative + 1
    tile_rows = best_tile_rows(samples)
    code = code_version(draws, frozen_rows, intrinsics, lanes, private_rows, window_tiles, storage)

    @compiled(nogil=True, fastmath=_FAST_MATH)
    def train_range(
        inputs, outputs, ids, offsets, start, stop, keep, noise, window, rate, final_rate, key, shrink,
        frozen, private, share,
    ):  # fmt: skip
        """Train on the windows around positions [start, stop) of a shard.

        `inputs` and `outputs` are flat float32 matrices of `stride` floats a row, changed in place; the
        learning rate falls from `rate` to `final_rate` over the range. Returns the number of predictions
        made (one a context word; one a window for CBOW) and the sum of their losses. Rows of `inputs` that
        are `frozen`, see `frozen_rows.restore`, stay.

        With `private` rows of `inputs` and of `outputs`, see `private_rows`, only these are changed; then
        `noise` may be that of a worker's `share` of words.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        capacity = min(BATCH, stop - start) + 2 * window
        words = np.empty(capacity, np.int32)
        begins = np.empty(capacity, np.int64)
        ends = np.empty(capacity, np.int64)
        drawn = np.empty((capacity, samples), np.int32)
        rows = np.empty(2 * window, np.int64)
        sources = drawn if private is None else np.empty_like(drawn)
        sample_rows = np.empty(samples, np.int64)
        moved_rows = np.empty(samples, np.int64)
        steps = aligned(2 * window * tile_size(1, samples))
        likelihoods = aligned(2 * window * tile_size(1, samples))
        mean = aligned(2 * stride)
        totals = aligned(LANES)
        predictions = 0
        loss = 0.0
        for batch in range(start, stop, BATCH):
            end = min(batch + BATCH, stop)
            step_size = np.float32(rate + (final_rate - rate) * (batch - start) / (stop - start))
            first, last = draw_windows(
                ids, offsets, batch, end, keep, noise, window, key, words, begins, ends, drawn, shrink, share
            )
            if private is not None:
                own_samples(drawn, sources, begins, ends, first, last, private[1], samples)
                begin, finish = reach_of(begins, ends, first, last)
                own_rows(inputs, words, begin, finish, private[0], blocks)
            totals[:] = 0
            for center in range(first, last):
                if center + AHEAD < last:
                    ask_for_samples(outputs, sources[center + AHEAD], drawn[center + AHEAD], samples, blocks)
                    prefetch_to_write(inputs, words[center + AHEAD] * stride, blocks)
                contexts = context_rows(words, begins[center], ends[center], center, stride, rows)
                if contexts == 0:
                    continue
                for k in range(samples):
                    sample_rows[k] = np.int64(sources[center, k]) * stride
                    moved_rows[k] = np.int64(drawn[center, k]) * stride
                if cbow:
                    made, size = _train_on_mean(
                        inputs, rows, contexts, outputs, sample_rows, moved_rows, step_size,
                        steps, likelihoods, mean, samples, blocks,
                    )  # fmt: skip
                else:
                    made, size = train_on_each(
                        inputs, rows, contexts, outputs, sample_rows, moved_rows, step_size,
                        steps, likelihoods, tile_rows, samples, blocks,
                    )  # fmt: skip
                if frozen is not None:
                    restore(inputs, rows, contexts, frozen, private, stride)
                predictions += made
                add_log_likelihoods(likelihoods, size, totals)
            loss -= totals.astype(np.float64).sum()
        return predictions, loss

    return train_range


@njit(inline="always")
def ask_for_samples(outputs, sources, targets, samples, blocks):
    """Have the rows of a window's samples ready that will be written to, and those that will only be read."""
    for k in range(samples):
        prefetch_to_write(outputs, np.int64(targets[k]) * blocks * LANES, blocks)
        if sources[k] != targets[k]:
            prefetch_to_read(outputs, np.int64(sources[k]) * blocks * LANES, blocks)


@njit(inline="always")
def add_log_likelihoods(likelihoods, size, totals):
    """Add the logarithms of `likelihoods[:size]`, whole vectors, to 16 `totals`."""
    for offset in range(0, size, MAX_LIKELIHOODS):
        add_log_likelihood(likelihoods[offset:], min(MAX_LIKELIHOODS, size - offset), totals)


@njit(inline="always")
def context_rows(words, begin, end, center, stride, rows):
    """Write the rows of the words of a window but its center; returns their number."""
    contexts = 0
    for i in range(begin, end):
        if i != center:
            rows[contexts] = np.int64(words[i]) * stride
            contexts += 1
    return contexts


@njit(inline="always")
def train_on_each(
    inputs, rows, contexts, outputs, sample_rows, moved_rows, rate,
    steps, likelihoods, tile_rows, samples, blocks,
):  # fmt: skip
    """Skip-gram: one prediction a context word. Returns their number and the length of `likelihoods`."""
    size = 0
    row = 0
    while row + tile_rows <= contexts:
        predict(
            inputs, rows, row, outputs, sample_rows, rate,
            steps, likelihoods, size, tile_rows, samples, blocks,
        )  # fmt: skip
        row += tile_rows
        size += tile_size(tile_rows, samples)
    if row < contexts:
        predict(inputs, rows, row, outputs, sample_rows, rate, steps, likelihoods, size, 1, samples, blocks)
        size += tile_size(1, samples)
    learn_apart(inputs, rows, contexts, outputs, sample_rows, moved_rows, steps, tile_rows, samples, blocks)
    return contexts, size


@njit(inline="always")
def _train_on_mean(
    inputs, rows, contexts, outputs, sample_rows, moved_rows, rate, steps, likelihoods, mean, samples, blocks
):
    """CBOW: one prediction from the mean of the context words."""
    mean_rows(inputs, rows, contexts, mean, blocks)
    row = np.zeros(1, np.int64)
    made, size = train_on_each(
        mean, row, 1, outputs, sample_rows, moved_rows, rate, steps, likelihoods, 1, samples, blocks
    )
    spread_change(inputs, rows, contexts, mean, blocks)
    return made, size

"""Skip-gram with subwords (Bojanowski et al. 2017) and negative sampling, one window at a time.

The vector of the word in the middle, the mean of its rows, predicts the words around it, against noise words
that these share: it is put together once a window, and what it learns is spread over its rows once. Each row
takes the whole change of the mean, as in the fastText program. `embedkit.training.reference.subwords` says
the same in numpy.

Threads share both matrices without locks (Niu et al. 2011).
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from numba import njit

from embedkit.simd import intrinsics, lanes, storage
from embedkit.simd.compiling import check_compiler, code_version, compiled
from embedkit.simd.intrinsics import prefetch_to_write
from embedkit.simd.lanes import LANES
from embedkit.simd.storage import aligned, padded
from embedkit.training.kernels import draws, row_lists
from embedkit.training.kernels.draws import draw_windows
from embedkit.training.kernels.row_lists import judge, learn_rows, move_rows, score_rows, sum_rows

BATCH = 4096  # words whose windows are drawn ahead
AHEAD = 2  # windows between the request for a row and its use
_FAST_MATH = {"contract", "nsz", "arcp"}


@functools.cache
def subword_skipgram_trainer(vector_size: int) -> Any:
    """Compile `train_range` for this size; compiled code is kept on disk for later processes."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    code = code_version(draws, intrinsics, lanes, row_lists, storage)

    @compiled(nogil=True, fastmath=_FAST_MATH)
    def train_range(
        inputs, outputs, rows, weights, bounds, lengths, shared, ids, offsets, start, stop,
        keep, noise, window, shrink, negative, rate, final_rate, key,
    ):  # fmt: skip
        """Train on the windows around positions [start, stop) of a shard.

        `inputs` and `outputs` are flat float32 matrices of `stride` floats a row, changed in place. Word w is
        made of `rows[bounds[w]:bounds[w + 1]]`, which stand for as many n-grams as `weights` say, `lengths[w]`
        in all. A window has `shared` noise words, which stand for `negative` ones a prediction. The learning
        rate falls from `rate` to `final_rate` over the range. Returns the number of predictions, one a
        context word, and the sum of their losses.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        capacity = min(BATCH, stop - start) + 2 * window
        words = np.empty(capacity, np.int32)
        begins = np.empty(capacity, np.int64)
        ends = np.empty(capacity, np.int64)
        drawn = np.empty((capacity, shared + 1), np.int32)
        most = -(-(2 * window + shared) // LANES) * LANES
        samples = np.empty(most, np.int32)
        sides = aligned(most)
        steps = aligned(most)
        products = aligned(most * LANES)
        vector = aligned(stride)
        change = aligned(stride)
        totals = aligned(LANES)
        ones = np.ones(np.diff(bounds).max(), np.float32)
        share = np.float32(negative) / np.float32(shared)
        predictions = 0
        loss = 0.0
        for batch in range(start, stop, BATCH):
            end = min(batch + BATCH, stop)
            step_size = np.float32(rate + (final_rate - rate) * (batch - start) / (stop - start))
            first, last = draw_windows(
                ids, offsets, batch, end, keep, noise, window, key, words, begins, ends, drawn, shrink, False
            )
            totals[:] = 0
            for center in range(first, last):
                if center + AHEAD < last:
                    ahead = words[center + AHEAD]
                    for i in range(bounds[ahead], bounds[ahead + 1]):
                        prefetch_to_write(inputs, np.int64(rows[i]) * stride, blocks)
                    for k in range(1, shared + 1):
                        prefetch_to_write(outputs, np.int64(drawn[center + AHEAD, k]) * stride, blocks)
                    newest = np.int64(words[ends[center + AHEAD] - 1])
                    prefetch_to_write(outputs, newest * stride, blocks)
                targets = _samples(
                    words, begins[center], ends[center], center, drawn[center], share, samples, sides
                )
                if targets == 0:
                    continue
                word = words[center]
                begin = bounds[word]
                size = bounds[word + 1] - begin
                count = targets + shared
                scale = np.float32(1) / lengths[word]
                sum_rows(inputs, rows, weights, begin, size, scale, vector, 0, blocks)
                score_rows(vector, outputs, samples, count, products, blocks)
                judge(products, sides, count, step_size, steps, totals)
                learn_rows(vector, outputs, samples, count, steps, change, blocks)
                move_rows(inputs, rows, begin, ones, size, change, 0, blocks)
                predictions += targets
            loss -= totals.astype(np.float64).sum()
        return predictions, loss

    return train_range


@njit(inline="always")
def _samples(words, begin, end, center, drawn, share, samples, sides):
    """Write the words of a window but its centre, then its noise words, `drawn[1:]`; and the side of each.

    That of a target is 1. That of a noise word is below 0: `share` for each target other than it. Returns the
    number of targets.
    """
    targets = 0
    for i in range(begin, end):
        if i != center:
            samples[targets] = words[i]
            sides[targets] = 1
            targets += 1
    count = targets
    for k in range(1, len(drawn)):
        others = targets
        for i in range(targets):
            others -= samples[i] == drawn[k]
        samples[count] = drawn[k]
        sides[count] = -share * np.float32(others)
        count += 1
    sides[count : -(-count // LANES) * LANES] = 0
    return targets

"""CBOW with subwords and negative sampling, one window at a time.

The mean of all rows of the words of a window predicts the word in its middle, and each row takes the whole
change of the mean, as in the fastText program. The rows of a word are added up once, when the first window
reaches it; their sum, and what they have learnt, then stand in one of `2 * window + 2` slots, which the
window slides over, and are changed there. When no window can reach the word any more, its rows get what they
have learnt. So a window costs a few sums, whatever its words are made of; only rows that two words near each
other have in common lag behind by some windows.

`embedkit.training.reference.subwords` says the same in numpy. Threads share both matrices without locks (Niu
et al. 2011).
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
AHEAD = 4  # windows between the request for the rows of its samples and their use
_FAST_MATH = {"contract", "nsz", "arcp"}


@functools.cache
def subword_cbow_trainer(vector_size: int) -> Any:
    """Compile `train_range` for this size; compiled code is kept on disk for later processes."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    code = code_version(draws, intrinsics, lanes, row_lists, storage)

    @compiled(nogil=True, fastmath=_FAST_MATH)
    def train_range(
        inputs, outputs, rows, weights, bounds, lengths, gains, ids, offsets, start, stop,
        keep, noise, window, shrink, negative, rate, final_rate, key,
    ):  # fmt: skip
        """Train on the windows around positions [start, stop) of a shard.

        All is as for skip-gram, but that a window has its own `negative` noise words and makes one prediction;
        `gains` says how much the sum of the rows of each word grows if each row does by 1.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        capacity = min(BATCH, stop - start) + 2 * window
        words = np.empty(capacity, np.int32)
        begins = np.empty(capacity, np.int64)
        ends = np.empty(capacity, np.int64)
        drawn = np.empty((capacity, negative + 1), np.int32)
        most = -(-(negative + 1) // LANES) * LANES
        sides = aligned(most)
        sides[:] = 0
        sides[: negative + 1] = -1
        sides[0] = 1
        steps = aligned(most)
        products = aligned(most * LANES)
        vector = aligned(stride)
        change = aligned(stride)
        totals = aligned(LANES)
        slots = 2 * window + 2
        sums = aligned(slots * stride)
        learnt = aligned(slots * stride)
        near = np.empty(2 * window, np.int32)
        growth = np.empty(2 * window, np.float32)
        ones = np.ones(max(2 * window, np.diff(bounds).max()), np.float32)
        predictions = 0
        loss = 0.0
        for batch in range(start, stop, BATCH):
            end = min(batch + BATCH, stop)
            step_size = np.float32(rate + (final_rate - rate) * (batch - start) / (stop - start))
            first, last = draw_windows(
                ids, offsets, batch, end, keep, noise, window, key, words, begins, ends, drawn, shrink, True
            )
            totals[:] = 0
            reached = 0
            for center in range(first, last):
                if center + AHEAD < last:
                    for k in range(negative + 1):
                        prefetch_to_write(outputs, np.int64(drawn[center + AHEAD, k]) * stride, blocks)
                    ahead = words[ends[center + AHEAD] - 1]
                    for i in range(bounds[ahead], bounds[ahead + 1]):
                        prefetch_to_write(inputs, np.int64(rows[i]) * stride, blocks)
                while reached < ends[center]:
                    slot = reached % slots
                    if reached >= slots:
                        _spread(inputs, rows, bounds, words[reached - slots], ones, learnt, slot, blocks)
                    begin = bounds[words[reached]]
                    size = bounds[words[reached] + 1] - begin
                    sum_rows(inputs, rows, weights, begin, size, np.float32(1), sums, slot, blocks)
                    learnt[slot * stride : (slot + 1) * stride] = 0
                    reached += 1
                count = 0
                total = np.float32(0)
                for i in range(begins[center], ends[center]):
                    if i != center:
                        near[count] = i % slots
                        growth[count] = gains[words[i]]
                        total += lengths[words[i]]
                        count += 1
                if count == 0:
                    continue
                sum_rows(sums, near, ones, 0, count, np.float32(1) / total, vector, 0, blocks)
                score_rows(vector, outputs, drawn[center], negative + 1, products, blocks)
                judge(products, sides, negative + 1, step_size, steps, totals)
                learn_rows(vector, outputs, drawn[center], negative + 1, steps, change, blocks)
                move_rows(sums, near, 0, growth, count, change, 0, blocks)
                move_rows(learnt, near, 0, ones, count, change, 0, blocks)
                predictions += 1
            for i in range(max(0, reached - slots), reached):
                _spread(inputs, rows, bounds, words[i], ones, learnt, i % slots, blocks)
            loss -= totals.astype(np.float64).sum()
        return predictions, loss

    return train_range


@njit(inline="always")
def _spread(inputs, rows, bounds, word, ones, learnt, slot, blocks):
    """Give the rows of a word what they have learnt."""
    begin = bounds[word]
    move_rows(inputs, rows, begin, ones, bounds[word + 1] - begin, learnt, slot, blocks)

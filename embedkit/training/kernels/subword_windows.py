"""Kernels of fastText (Bojanowski et al. 2017) with negative sampling, one window at a time.

A window is trained as one of word2vec: its target word and noise words are scored against every word around
it (skip-gram), or against the mean of all their rows (CBOW). The words around it are made of rows, whose mean
is taken once, when the first window reaches a word; it then stands in one of `2 * window + 2` slots that the
windows slide over, and learns there. When no window can reach the word any more, each of its rows takes the
whole change of the mean, as in the fastText program. So a window costs what one of word2vec costs, and a word
two walks over its rows; only what two words near each other have in common lags behind by some windows.

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
from embedkit.training.kernels import (
    draws,
    negative_sampling,
    position_weights,
    private_rows,
    row_lists,
    window_tiles,
)
from embedkit.training.kernels.draws import draw_windows
from embedkit.training.kernels.negative_sampling import (
    AHEAD,
    BATCH,
    add_log_likelihoods,
    ask_for_samples,
    train_on_each,
)
from embedkit.training.kernels.position_weights import spread_by_position, weighted_mean
from embedkit.training.kernels.private_rows import own_row, own_rows, own_samples, reach_of
from embedkit.training.kernels.row_lists import move_rows, sum_rows
from embedkit.training.kernels.window_tiles import best_tile_rows, spread_change, tile_size

_FAST_MATH = {"contract", "nsz", "arcp"}


@functools.cache
def subword_trainer(vector_size: int, negative: int, cbow: bool) -> Any:
    """Compile `train_range` for these sizes; compiled code is kept on disk for later processes."""
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    samples = negative + 1
    tile_rows = best_tile_rows(samples)
    code = code_version(
        draws, intrinsics, lanes, negative_sampling, position_weights, private_rows, row_lists, window_tiles,
        storage,
    )  # fmt: skip

    @compiled(nogil=True, fastmath=_FAST_MATH)
    def train_range(
        inputs, outputs, rows, weights, bounds, lengths, ids, offsets, start, stop,
        keep, noise, window, shrink, rate, final_rate, key, positions, private, share,
    ):  # fmt: skip
        """Train on the windows around positions [start, stop) of a shard.

        `inputs` and `outputs` are flat float32 matrices of `stride` floats a row, changed in place. Word w is
        made of `rows[bounds[w]:bounds[w + 1]]`, int32, which stand for as many n-grams as `weights`, float32,
        say, `lengths[w]`, float32, in all. The learning rate falls from `rate` to `final_rate` over the
        range. Returns the number of predictions made (one a context word; one a window for CBOW) and the sum
        of their losses.

        With `positions`, a flat matrix of `2 * window` rows, from the farthest before to the farthest behind,
        CBOW weighs the words around by them, and changes them, too. With `private` rows of `inputs`, of
        `outputs` and, if there are any, of `positions`, see `private_rows`, only these are changed;
        then `noise` may be that of a worker's `share` of words.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        capacity = min(BATCH, stop - start) + 2 * window
        words = np.empty(capacity, np.int32)
        begins = np.empty(capacity, np.int64)
        ends = np.empty(capacity, np.int64)
        drawn = np.empty((capacity, samples), np.int32)
        slots = 2 * window + 2
        means = aligned(2 * slots * stride)  # as they are, and behind these as they were made
        near = np.empty(2 * window, np.int32)
        near_rows = np.empty(2 * window, np.int64)
        places = np.empty(2 * window, np.int64)
        sizes = np.empty(2 * window, np.float32)
        sources = drawn if private is None else np.empty_like(drawn)
        sample_rows = np.empty(samples, np.int64)
        moved_rows = np.empty(samples, np.int64)
        steps = aligned(2 * window * tile_size(1, samples))
        likelihoods = aligned(2 * window * tile_size(1, samples))
        pooled = aligned(2 * stride)
        first_row = np.zeros(1, np.int64)
        totals = aligned(LANES)
        base = _own_positions(positions, window, private, blocks)
        predictions = 0
        loss = 0.0
        for batch in range(start, stop, BATCH):
            end = min(batch + BATCH, stop)
            step_size = np.float32(rate + (final_rate - rate) * (batch - start) / (stop - start))
            first, last = draw_windows(
                ids, offsets, batch, end, keep, noise, window, key, words, begins, ends, drawn, shrink, share
            )
            lists = rows, weights, bounds, lengths, words
            if private is not None:
                own_samples(drawn, sources, begins, ends, first, last, private[1], samples)
                lists = _lists_of(lists, reach_of(begins, ends, first, last)[1])
                own_rows(inputs, lists[0], 0, len(lists[0]), private[0], blocks)
            totals[:] = 0
            reached = 0
            for center in range(first, last):
                if center + AHEAD < last:
                    ask_for_samples(outputs, sources[center + AHEAD], drawn[center + AHEAD], samples, blocks)
                    for i in range(max(reached, ends[center + AHEAD - 1]), ends[center + AHEAD]):
                        _ask_for_rows(inputs, lists, i, stride, blocks)
                reached = _reach(inputs, lists, reached, ends[center], means, slots, blocks)
                contexts = _contexts(
                    lists, begins[center], ends[center], center, window, base,
                    near, near_rows, places, sizes, stride,
                )  # fmt: skip
                if contexts == 0:
                    continue
                for k in range(samples):
                    sample_rows[k] = np.int64(sources[center, k]) * stride
                    moved_rows[k] = np.int64(drawn[center, k]) * stride
                made, size = _train_on_means(
                    means, near, near_rows, positions, places, sizes, contexts,
                    outputs, sample_rows, moved_rows, step_size, steps, likelihoods,
                    pooled, first_row, cbow, tile_rows, samples, blocks,
                )  # fmt: skip
                add_log_likelihoods(likelihoods, size, totals)
                predictions += made
            for i in range(max(0, reached - slots), reached):
                _spread(inputs, lists, i, means, slots, blocks)
            loss -= totals.astype(np.float64).sum()
        return predictions, loss

    return train_range


@njit(inline="always")
def _own_positions(positions, window, private, blocks):
    """Give the worker of a round its own weights of positions; returns the offset of the first."""
    base = 0
    if private is not None:  # noqa: SIM102 - numba leaves out what is not there, by one condition each
        if positions is not None:
            for row in range(2 * window):
                own_row(positions, np.int32(row), private[2], blocks)
            base = np.int64(private[2].first) * blocks * LANES
    return base


@njit
def _lists_of(lists, size):
    """The lists of rows of the first words, of which each becomes a word of its own."""
    rows, weights, bounds, lengths, words = lists
    own_bounds = np.zeros(size + 1, np.int64)
    own_lengths = np.empty(size, np.float32)
    for i in range(size):
        own_bounds[i + 1] = own_bounds[i] + bounds[words[i] + 1] - bounds[words[i]]
        own_lengths[i] = lengths[words[i]]
    own_rows, own_weights = np.empty(own_bounds[size], np.int32), np.empty(own_bounds[size], np.float32)
    for i in range(size):
        shift = bounds[words[i]] - own_bounds[i]
        for place in range(own_bounds[i], own_bounds[i + 1]):
            own_rows[place] = rows[place + shift]
            own_weights[place] = weights[place + shift]
    return own_rows, own_weights, own_bounds, own_lengths, np.arange(size).astype(np.int32)


@njit(inline="always")
def _reach(inputs, lists, reached, end, means, slots, blocks):
    """Put `words[reached:end]` into their slots, in place of words that no window will reach again.

    Returns up to where words have been reached.
    """
    rows, weights, bounds, lengths, words = lists
    for i in range(reached, end):
        slot = i % slots
        if i >= slots:
            _spread(inputs, lists, i - slots, means, slots, blocks)
        begin = bounds[words[i]]
        size = bounds[words[i] + 1] - begin
        scale = np.float32(1) / lengths[words[i]]
        sum_rows(inputs, rows, weights, begin, size, scale, means, slot, slot + slots, blocks)
    return max(reached, end)


@njit(inline="always")
def _ask_for_rows(inputs, lists, i, stride, blocks):
    """Have the rows of a word ready."""
    rows, _, bounds, _, words = lists
    for place in range(bounds[words[i]], bounds[words[i] + 1]):
        prefetch_to_write(inputs, np.int64(rows[place]) * stride, blocks)


@njit(inline="always")
def _contexts(lists, begin, end, center, window, base, near, near_rows, places, sizes, stride):
    """Write the slots of the words around a center, their rows and positions, and of how many each is made.

    Returns the number of words.
    """
    contexts = 0
    _, _, _, lengths, words = lists
    for i in range(begin, end):
        if i != center:
            slot = i % (2 * window + 2)
            near[contexts] = slot
            near_rows[contexts] = slot * stride
            places[contexts] = base + (i - center + window - (i > center)) * stride
            sizes[contexts] = lengths[words[i]]
            contexts += 1
    return contexts


@njit(inline="always")
def _train_on_means(
    means, near, near_rows, positions, places, sizes, contexts, outputs, sample_rows, moved_rows,
    rate, steps, likelihoods, pooled, first_row, cbow, tile_rows, samples, blocks,
):  # fmt: skip
    """One window. Returns the number of predictions and the length of `likelihoods`."""
    if not cbow:
        return train_on_each(
            means, near_rows, contexts, outputs, sample_rows, moved_rows, rate,
            steps, likelihoods, tile_rows, samples, blocks,
        )  # fmt: skip
    scale = np.float32(1) / sizes[:contexts].sum()
    _pool(means, near, near_rows, positions, places, sizes, contexts, scale, pooled, blocks)
    done = train_on_each(
        pooled, first_row, 1, outputs, sample_rows, moved_rows, rate, steps, likelihoods, 1, samples, blocks
    )
    _spread_pooled(means, near_rows, positions, places, contexts, pooled, blocks)
    return done


@njit(inline="always")
def _pool(means, near, near_rows, positions, places, sizes, contexts, scale, pooled, blocks):
    """Write the mean of all rows of a window, each by the weights of its position if there are any."""
    if positions is None:
        sum_rows(means, near, sizes, 0, contexts, scale, pooled, 0, 1, blocks)
    else:
        weighted_mean(means, near_rows, positions, places, sizes, contexts, scale, pooled, blocks)


@njit(inline="always")
def _spread_pooled(means, near_rows, positions, places, contexts, pooled, blocks):
    """Give the words of a window, and the weights of their positions, what their mean has learned."""
    if positions is None:
        spread_change(means, near_rows, contexts, pooled, blocks)
    else:
        spread_by_position(means, near_rows, positions, places, contexts, pooled, blocks)


@njit(inline="always")
def _spread(inputs, lists, i, means, slots, blocks):
    """Give each row of a word what the mean has learned."""
    rows, _, bounds, _, words = lists
    begin, end = bounds[words[i]], bounds[words[i] + 1]
    move_rows(inputs, rows, begin, end - begin, means, i % slots, i % slots + slots, blocks)

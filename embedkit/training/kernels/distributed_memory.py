"""Kernels of distributed memory, PV-DM (Le and Mikolov 2014, section 2.2), by negative sampling.

A word is predicted from the mean of the vectors of its document and of the words around it, as by CBOW (see
`negative_sampling`), and each of them takes the whole gradient. Or it is predicted from these vectors one
behind the other, with the document first and zeros where the document ends, as the paper has it; then windows
have all their words, and an output vector has a part for each place. Documents and words are rows of one
matrix. Windows end where their document does; each document has random streams of its own.
`embedkit.training.reference.document_vectors` says it in numpy.

Threads share the words without locks (Niu et al. 2011); a document is of one thread.
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
from embedkit.training.kernels import draws, negative_sampling, private_rows, window_tiles
from embedkit.training.kernels.draws import GOLDEN, draw_windows, mix
from embedkit.training.kernels.negative_sampling import ask_for_samples
from embedkit.training.kernels.private_rows import own_rows, reach_of
from embedkit.training.kernels.window_tiles import (
    add_log_likelihood,
    learn,
    mean_rows,
    predict,
    spread_change,
    tile_size,
)

BATCH = 4096  # words whose windows are drawn ahead
AHEAD = 4  # windows between the request for a row and its use
_FAST_MATH = {"contract", "nsz", "arcp"}


@functools.cache
def memory_trainer(vector_size: int, negative: int, frozen: bool, places: int = 1) -> Any:
    """Compile `train_memory` for these sizes; with `frozen` only documents change.

    Vectors are concatenated at `places`, twice the window and one, or meant if that is 1.
    """
    check_compiler()
    stride = padded(vector_size)
    blocks = stride // LANES
    wide = places * blocks
    samples = negative + 1
    code = code_version(draws, intrinsics, lanes, negative_sampling, private_rows, window_tiles, storage)

    @compiled(nogil=True, fastmath=_FAST_MATH)
    def train_memory(
        inputs, outputs, numbers, first, offsets, ids, keep, noise, window, rate, share, last_share, key,
        own_streams, private,
    ):  # fmt: skip
        """Train on the documents `numbers` of a shard, one after the other, in place.

        Document i holds the words `ids[offsets[i]:offsets[i + 1]]`, of which those beyond `keep` are left
        out; its vector is row `len(keep) + first + i` of `inputs`, behind those of words. That and `outputs`
        are flat float32 matrices of `stride` floats a row and, in `outputs`, place. The learning rate is
        `rate` times what falls from `share` to `last_share`. Each document draws from streams of its own or,
        unless `own_streams`, all from the same. Returns the number of predictions made and the sum of their
        losses. With `private` rows of words and of `outputs`, see `private_rows`, only these and the
        documents are changed.
        """
        code  # noqa: B018 - what this function captures is part of the key under which it is cached
        longest = 0
        for number in numbers:
            longest = max(longest, offsets[number + 1] - offsets[number])
        capacity = min(BATCH, longest) + 2 * window
        words = np.empty(capacity, np.int32)
        begins, ends = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
        drawn = np.empty((capacity, samples), np.int32)
        rows = np.empty(2 * window + 1, np.int64)  # of the words of a window, and of its document
        sample_rows = np.empty(samples, np.int64)
        steps, likelihoods = aligned(tile_size(1, samples)), aligned(tile_size(1, samples))
        joined = aligned(2 * wide * LANES)
        totals = aligned(LANES)
        joined_row = np.zeros(1, np.int64)
        predictions = 0
        loss = 0.0
        for i in range(len(numbers)):
            number = numbers[i]
            start, stop = offsets[number], offsets[number + 1]
            own = (np.int64(len(keep)) + first + number) * stride
            own_key = mix(key + GOLDEN * np.uint64(first + number + 1 if own_streams else 0))
            own_key -= GOLDEN * np.uint64(start)  # streams are counted from the first word of the document
            step_size = np.float32(rate * (share + (last_share - share) * i / len(numbers)))
            for batch in range(start, stop, BATCH):
                end = min(batch + BATCH, stop)
                begun, over = draw_windows(
                    ids, offsets, batch, end, keep, noise, window, own_key, words, begins, ends, drawn,
                    places == 1, None,
                )  # fmt: skip
                if private is not None:
                    _own_batch(
                        inputs, outputs, words, drawn, begins, ends, begun, over, private, samples, blocks,
                        wide,
                    )  # fmt: skip
                totals[:] = 0
                for center in range(begun, over):
                    if center + AHEAD < over:
                        ask_for_samples(outputs, drawn[center + AHEAD], drawn[center + AHEAD], samples, wide)
                        prefetch_to_write(inputs, words[center + AHEAD] * stride, blocks)
                    contexts = _context_rows(words, begins[center], ends[center], center, stride, own, rows)
                    for k in range(samples):
                        sample_rows[k] = np.int64(drawn[center, k]) * wide * LANES
                    _join(inputs, rows, contexts, center - begins[center], window, joined, places, blocks)
                    predict(
                        joined, joined_row, 0, outputs, sample_rows, step_size, steps, likelihoods, 0, 1,
                        samples, wide,
                    )  # fmt: skip
                    if frozen:
                        _move_document(inputs, own, outputs, sample_rows, steps, stride)
                    else:
                        learn(joined, joined_row, 1, outputs, sample_rows, steps, 1, samples, wide)
                        _spread(inputs, rows, contexts, joined, places, blocks)
                    add_log_likelihood(likelihoods, tile_size(1, samples), totals)
                predictions += over - begun
                loss -= totals.astype(np.float64).sum()
        return predictions, loss

    return train_memory


@njit(inline="always")
def _own_batch(inputs, outputs, words, drawn, begins, ends, first, last, private, samples, blocks, wide):
    """Replace the shared rows of the windows [first, last) by the worker's own."""
    begin, end = reach_of(begins, ends, first, last)
    own_rows(inputs, words, begin, end, private[0], blocks)
    own_rows(outputs, drawn.reshape(-1), first * samples, last * samples, private[1], wide)


@njit(inline="always")
def _context_rows(words, begin, end, center, stride, own, rows):
    """Write the rows of the words of a window but its center, and of its document; returns their number."""
    contexts = 0
    for i in range(begin, end):
        if i != center:
            rows[contexts] = np.int64(words[i]) * stride
            contexts += 1
    rows[contexts] = own
    return contexts + 1


@njit(inline="always")
def _join(inputs, rows, contexts, left, window, joined, places, blocks):
    """Write the mean of the rows of a window to `joined` or, with several places, all of them; and once more.

    `left` of them stand before the center; with several places they are moved to theirs.
    """
    if places == 1:
        mean_rows(inputs, rows, contexts, joined, blocks)
    else:
        put_in_places(rows, contexts, left, window)
        concatenate(inputs, rows, joined, blocks * LANES)


@njit(inline="always")
def _spread(inputs, rows, contexts, joined, places, blocks):
    """Add to the rows of a window what `joined` has changed by since `_join` wrote it."""
    if places == 1:
        spread_change(inputs, rows, contexts, joined, blocks)
    else:
        add_changes(inputs, rows, joined, blocks * LANES)


@njit(inline="always")
def put_in_places(rows, contexts, left, window):
    """Move the rows of a window, `left` of them before its center, and the document's, to their places.

    The document comes first, then `window` words before the center and as many behind it; those beyond the
    ends of the document are -1.
    """
    own = rows[contexts - 1]
    for i in range(contexts - 2, left - 1, -1):
        rows[1 + window + i - left] = rows[i]
    rows[window + contexts - left : 2 * window + 1] = -1
    for i in range(left - 1, -1, -1):
        rows[1 + window - left + i] = rows[i]
    rows[1 : 1 + window - left] = -1
    rows[0] = own


@njit(inline="always", fastmath=_FAST_MATH)
def concatenate(inputs, rows, wide_row, stride):
    """Write the rows to `wide_row`, zeros for -1, and once more behind all of them."""
    behind = len(rows) * stride
    for place in range(len(rows)):
        for i in range(stride):
            value = inputs[rows[place] + i] if rows[place] >= 0 else np.float32(0)
            wide_row[place * stride + i] = value
            wide_row[behind + place * stride + i] = value


@njit(inline="always", fastmath=_FAST_MATH)
def add_changes(inputs, rows, wide_row, stride):
    """Add to the rows what has become of them in `wide_row` since `concatenate` wrote it."""
    behind = len(rows) * stride
    for place in range(len(rows)):
        if rows[place] >= 0:
            for i in range(place * stride, (place + 1) * stride):
                inputs[rows[place] + i - place * stride] += wide_row[i] - wide_row[behind + i]


@njit(inline="always", fastmath=_FAST_MATH)
def _move_document(inputs, own, outputs, sample_rows, steps, stride):
    """Add to a document what the predicted rows pull it."""
    for k in range(len(sample_rows)):
        step, row = steps[k], sample_rows[k]
        for place in range(stride):
            inputs[own + place] += step * outputs[row + place]

"""Kernels that find, before a round, which rows one worker alone will touch: it may change them in place."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.simd.compiling import compiled
from embedkit.training.kernels.draws import draw_windows
from embedkit.training.kernels.negative_sampling import BATCH
from embedkit.training.kernels.private_rows import reach_of

MANY = 2  # workers, or more


@compiled(nogil=True)
def mark_windows(
    ids: Any, offsets: Any, start: Any, stop: Any, keep: Any, window: Any, key: Any, shrink: Any, inputs: Any,
    outputs: Any,
) -> None:  # fmt: skip
    """Mark the words of the windows around positions [start, stop) in `inputs`, the targets in `outputs`.

    Both are uint8 (V,), 1 for the words that are there, or empty for no marks.
    """
    inputs[:] = 0
    outputs[:] = 0
    capacity = min(BATCH, stop - start) + 2 * window
    words, samples = np.empty(capacity, np.int32), np.empty((capacity, 1), np.int32)
    begins, ends = np.empty(capacity, np.int64), np.empty(capacity, np.int64)
    no_noise = np.empty((0, 2), np.uint32)
    for batch in range(start, stop, BATCH):
        end = min(batch + BATCH, stop)
        first, last = draw_windows(
            ids, offsets, batch, end, keep, no_noise, window, key, words, begins, ends, samples, shrink, None
        )
        for center in range(first, last if len(outputs) > 0 else first):
            outputs[words[center]] = 1
        if len(inputs) > 0:
            begin, finish = reach_of(begins, ends, first, last)
            for i in range(begin, finish):
                inputs[words[i]] = 1


@compiled(nogil=True)
def count_workers(
    marks: Any, workers: Any, first: Any, number: Any, touched: Any, start: Any, stop: Any
) -> None:
    """Write to `touched`, uint8 (rows,), how many of the first `workers` may touch rows [start, stop).

    Up to `MANY`: those that marked a row, uint8 (K, rows), and its owner in round `number` (see
    `training.rounds.dealing`). Rows before `first` are touched by all; none has an owner if it is negative.
    """
    owners = len(marks)
    owner = owners if first < 0 else (max(start, first) - first - number) % owners
    for row in range(start, stop):
        count = MANY
        if row >= first:
            count = 1 if owner < owners else 0
            for worker in range(workers):
                if worker != owner:
                    count += marks[worker, row]
            if owner < owners:
                owner = owner + 1 if owner + 1 < owners else 0
        touched[row] = min(count, MANY)

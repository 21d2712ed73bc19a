"""Kernels that sort nonzeros into blocks, one part of the vocabulary at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.simd.compiling import compiled
from embedkit.training.kernels.draws import GOLDEN, below, mix

STRIP = 16  # words of a block whose nonzeros come together: their rows stay in the first-level cache


@compiled(nogil=True)
def count_part(ids: Any, offsets: Any, columns: Any, part_of: Any, totals: Any) -> None:
    """Add to `totals[part]` the nonzeros of the words `ids` with columns in each part."""
    for word in ids:
        for k in range(offsets[word], offsets[word + 1]):
            totals[part_of[columns[k]]] += 1


@compiled(nogil=True)
def fill_part(
    ids: Any, offsets: Any, columns: Any, counts: Any, part_of: Any, place_of: Any, size: int, key: np.uint64,
    begins: Any, word_ids: Any, context_ids: Any, logs: Any,
) -> None:  # fmt: skip
    """Write the nonzeros of the words `ids`, which are one part, to their blocks, shuffled.

    Those of part j of the columns go to positions [begins[j], begins[j + 1]) of `word_ids` and `context_ids`
    (slot within the part, uint16) and `logs`. In a block, `STRIP` slots of words come before the next ones;
    within these the order is random, drawn from a stream of the block's own.
    """
    parts = len(begins) - 1
    first = begins[0]
    total = begins[parts] - first
    own = np.empty(total, np.uint16)
    others = np.empty(total, np.uint16)
    values = np.empty(total, np.float32)
    ends = begins[:parts] - first
    longest = 0
    for part in range(parts):
        longest = max(longest, begins[part + 1] - begins[part])
    for word in ids:
        for k in range(offsets[word], offsets[word + 1]):
            part = part_of[columns[k]]
            at = ends[part]
            ends[part] += 1
            own[at] = place_of[word]
            others[at] = place_of[columns[k]]
            values[at] = np.log(np.float64(counts[k]))
    order = np.empty(longest, np.int64)
    places = np.empty(size // STRIP + 2, np.int64)
    for part in range(parts):
        start = begins[part] - first
        count = begins[part + 1] - begins[part]
        _shuffle(order, count, key + np.uint64(part))
        places[:] = 0
        for i in range(start, start + count):
            places[own[i] // STRIP + 1] += 1
        for i in range(1, len(places)):
            places[i] += places[i - 1]
        for i in range(count):
            source = start + order[i]
            at = begins[part] + places[own[source] // STRIP]
            places[own[source] // STRIP] += 1
            word_ids[at] = own[source]
            context_ids[at] = others[source]
            logs[at] = values[source]


@compiled(nogil=True)
def _shuffle(order, count, key):
    """Write a random permutation of `count` numbers to `order` (Fisher and Yates)."""
    state = mix(key + GOLDEN)
    for i in range(count):
        state += GOLDEN
        other = below(mix(state), i + 1)
        order[i] = order[other]
        order[other] = i

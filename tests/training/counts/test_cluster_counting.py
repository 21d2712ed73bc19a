"""Ranges of rows: all rows once, in order, of about equal work, and no more entries than fit."""

import numpy as np
import pytest

from embedkit.training.counts.cluster_counting import row_ranges
from embedkit.training.counts.weighting import Weighting

FREQUENCIES = np.sort(np.random.default_rng(1).zipf(1.5, 300).clip(1, 1000))[::-1]


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize(("tasks", "entries"), [(1, 10**9), (7, 10**9), (3, 900), (1000, 10**9), (1, 1)])
def test_all_rows_once_within_the_limits(tasks, entries, symmetric):
    weighting = Weighting.uniform(4, symmetric)
    ranges = row_ranges(FREQUENCIES, weighting, tasks, entries)
    assert [row for rows in ranges for row in range(*rows)] == list(range(300))
    neighbors = FREQUENCIES * 4 * (1 + symmetric)
    for rows in ranges:
        own = slice(*rows)
        alone = rows.last - rows.first == 1
        assert alone or neighbors[own].sum() <= neighbors.sum() / tasks
        assert alone or np.minimum(neighbors[own], 300).sum() <= entries

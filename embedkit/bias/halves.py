"""Words in two clusters."""

from __future__ import annotations

from embedkit.arrays import Bools1d, Floats2d
from embedkit.statistics.clusters import k_means

STARTS = 10  # of k-means, the best of which counts


def two_clusters(rows: Floats2d, seed: int) -> Bools1d:
    """Which of two clusters each of rows (n, D) is in, by k-means."""
    return k_means(rows, 2, starts=STARTS, seed=seed).astype(bool)

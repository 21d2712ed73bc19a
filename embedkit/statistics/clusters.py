"""Clustering by k-means."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bools1d, Floats2d, Longs1d
from embedkit.hyperparameters import check_seed
from embedkit.random_state import untouched_random_state

STARTS = 10  # of two clusters, the best of which counts


@untouched_random_state()
def k_means(rows: Floats2d, clusters: int, *, starts: int, seed: int) -> Longs1d:
    """The cluster of each of rows (n, D), from 0, (n,): the best of `starts` runs by its own criterion.

    It runs in one thread: for thousands of rows several gain nothing, and where cores are busy with something
    else they wait for each other, a hundred times as long as the work takes.
    """
    check_seed(seed)
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="openmp"):
        labels = KMeans(clusters, n_init=starts, random_state=seed).fit(rows).labels_
    return np.asarray(labels, np.int64)


def two_clusters(rows: Floats2d, seed: int) -> Bools1d:
    """Which of two clusters each of rows (n, D) is in."""
    return k_means(rows, 2, starts=STARTS, seed=seed).astype(bool)

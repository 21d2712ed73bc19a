"""Clusters by k-means."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def k_means(rows: NDArray[np.float32], clusters: int, *, starts: int, seed: int) -> NDArray[np.int64]:
    """The cluster of each of rows (n, D), from 0, (n,): the best of `starts` runs by its own criterion.

    It runs in one thread: for thousands of rows several gain nothing, and where cores are busy with something
    else they wait for each other, a hundred times as long as the work takes.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="openmp"):
        found = KMeans(clusters, n_init=starts, random_state=seed).fit(rows).labels_
    return np.asarray(found, np.int64)

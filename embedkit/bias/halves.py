"""Words in two clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.vectors.rows import FloatMatrix

STARTS = 10  # of k-means, the best of which counts


def two_clusters(rows: FloatMatrix, seed: int) -> NDArray[np.bool_]:
    """Which of two clusters each of rows (n, D) is in, by k-means.

    It runs in one thread: for a thousand rows several gain nothing, and where cores are busy with something
    else they wait for each other, a hundred times as long as the work takes.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="openmp"):
        found: NDArray[np.bool_] = KMeans(2, n_init=STARTS, random_state=seed).fit_predict(rows).astype(bool)
    return found

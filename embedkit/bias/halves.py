"""Words in two clusters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from embedkit.statistics.clusters import k_means
from embedkit.vectors.norms import FloatMatrix

STARTS = 10  # of k-means, the best of which counts


def two_clusters(rows: FloatMatrix, seed: int) -> NDArray[np.bool_]:
    """Which of two clusters each of rows (n, D) is in, by k-means."""
    return k_means(rows, 2, starts=STARTS, seed=seed).astype(bool)

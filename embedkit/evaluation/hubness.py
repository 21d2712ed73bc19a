"""Hubness (Radovanović, Nanopoulos and Ivanović 2010): words that are neighbors of very many others.

N_k(x) is the number of words that have x among their k nearest. Its mean is k whatever the space; its
skewness (eq. 1 of the paper) is near 0 where neighborhood is shared evenly and grows with the hubs.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.nearest import nearest


def k_occurrences(matrix: Floats2d, k: int) -> Longs1d:
    """N_k of each row of `matrix` (n, D), by cosine, (n,); k is at most n - 1."""
    itself = np.arange(len(matrix))[:, None]
    neighbors = nearest(StoredRows(matrix), matrix, min(k, len(matrix) - 1), excluded=itself).rows
    return np.bincount(neighbors.ravel(), minlength=len(matrix))


def skewness(values: Longs1d) -> float:
    """The third standardized moment, E[(x - mean)^3] / deviation^3; 0 if all values are equal."""
    centered = values - values.mean()
    deviation = np.sqrt((centered**2).mean())
    return float((centered**3).mean() / deviation**3) if deviation > 0 else 0.0

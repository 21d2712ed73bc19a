"""Spherical k-means (Dhillon and Modha 2001): clusters of unit vectors by their cosines.

It climbs to a local maximum of the sum of cosines between vectors and the centroids of their clusters, where
a centroid is the direction of its cluster's sum. A restart begins from k vectors drawn as k-means++ draws
them (Arthur and Vassilvitskii 2007), with a chance in proportion to 1 - cosine, which is half the squared
distance of unit vectors. A cluster that loses its last vector keeps its centroid.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embedkit.errors import InputError
from embedkit.vectors.rows import FloatMatrix, unit_vectors
from embedkit.vectors.search import RowIds

ITERATIONS = 100  # of a restart at most; some ten are usual


class Clustering(NamedTuple):
    """The cluster of each vector, (n,), and the sum of the cosines with the centroids."""

    clusters: RowIds
    cohesion: float


def spherical_k_means(unit: FloatMatrix, k: int, restarts: int = 20, seed: int = 1) -> list[Clustering]:
    """Cluster `unit` (n, D), rows of length 1 or 0, into at most `k` clusters, once a restart.

    Returns:
        One clustering a restart, the one of the greatest cohesion first.
    """
    if not 1 <= k <= len(unit):
        raise InputError(f"expected between 1 and {len(unit)} clusters of {len(unit)} vectors, got {k}")
    if restarts < 1:
        raise InputError(f"expected at least 1 restart, got {restarts}")
    generator = np.random.default_rng(seed)
    found = [_climb(unit, _start(unit, k, generator)) for _ in range(restarts)]
    return sorted(found, key=lambda clustering: -clustering.cohesion)


def _start(unit: FloatMatrix, k: int, generator: np.random.Generator) -> FloatMatrix:
    """Vectors to begin with, (k, D), drawn far from each other."""
    chosen = [int(generator.integers(len(unit)))]
    far = 1 - unit @ unit[chosen[0]].astype(np.float64)
    while len(chosen) < k:
        far = far.clip(0)
        total = far.sum()
        share = far / total if total > 0 else np.full(len(unit), 1 / len(unit))
        chosen.append(int(generator.choice(len(unit), p=share)))
        far = np.minimum(far, 1 - unit @ unit[chosen[-1]])
    return unit[chosen]


def _climb(unit: FloatMatrix, centroids: FloatMatrix) -> Clustering:
    """Put every vector to its nearest of `centroids` (k, D) and move them, until no vector moves."""
    clusters = np.full(len(unit), -1, np.int64)
    cosines = np.zeros(len(unit))
    for _ in range(ITERATIONS):
        table = unit @ centroids.T
        nearest = table.argmax(axis=1)
        cosines = table[np.arange(len(unit)), nearest]
        if np.array_equal(nearest, clusters):
            break
        clusters = nearest
        sums = np.zeros(centroids.shape)
        np.add.at(sums, clusters, unit)
        filled = np.bincount(clusters, minlength=len(centroids)) > 0
        centroids = np.where(filled[:, None], unit_vectors(sums), centroids)
    return Clustering(clusters, float(cosines.sum(dtype=np.float64)))

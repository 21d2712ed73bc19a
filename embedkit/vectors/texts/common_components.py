"""Common components of texts: the directions that most texts share, which are taken out of their vectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d


@dataclass(frozen=True, eq=False)
class CommonComponents:
    """k directions, and how much of each is taken out of vectors.

    Args:
        directions: the directions, orthonormal, float64 (k, D).
        removed: the share of each that is taken out, float64 (k,): 1 for all of it.

    Example:
        >>> common = CommonComponents(np.array([[1.0, 0.0]]), np.array([0.5]))
        >>> common.removed_from(np.array([[2, 3]], np.float32)).tolist()
        [[1.0, 3.0]]
    """

    directions: Doubles2d
    removed: Doubles1d

    @classmethod
    def of_gram(cls, gram: Doubles2d, count: int, weighted: bool) -> CommonComponents:
        """The first `count` right singular vectors of vectors X, from `gram` = X^T X (D, D), without a mean.

        They are taken out wholly (Arora et al. 2017, algorithm 1) or, if `weighted`, each by its share in the
        sum of their squared singular values (Ethayarajh 2018, section 3.3). Directions in which no vector has
        a part are left out.
        """
        values, vectors = np.linalg.eigh(gram)
        values, directions = values[::-1][:count], vectors.T[::-1][:count]
        some = values > max(values[0], 0) * len(gram) * np.finfo(np.float64).eps
        values, directions = values[some], directions[some]
        return cls(directions, values / values.sum() if weighted else np.ones(len(values)))

    def removed_from(self, vectors: Floats2d) -> Floats2d:
        """Vectors without these components, float32 (n, D)."""
        if not len(self.directions):
            return vectors
        parts = (vectors @ self.directions.T.astype(np.float32)) * self.removed.astype(np.float32)
        without: Floats2d = vectors - parts @ self.directions.astype(np.float32)
        return without

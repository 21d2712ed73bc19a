"""`PrincipalAxes`: the directions in which rows vary most, and how much."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces.rows import column_means, covariance


class PrincipalAxes(NamedTuple):
    """The mean of rows and the eigenvectors of their covariance, largest variance first.

    An eigenvector has two signs; here its largest entry is positive, so that the same rows give the same
    axes.
    """

    means: Doubles1d  # (D,)
    variances: Doubles1d  # (D,), descending
    axes: Doubles2d  # (D, D), one in each column

    @classmethod
    def of(cls, rows: StoredRows) -> Self:
        """The axes of rows (V, D), by their covariance in float64.

        Example:
            >>> rows = StoredRows(np.array([[0, 0], [-2, -2]], np.float32))
            >>> PrincipalAxes.of(rows).axes[:, 0].round(3).tolist()
            [0.707, 0.707]
        """
        means = column_means(rows)
        variances, axes = np.linalg.eigh(covariance(rows, means))
        variances, axes = variances[::-1].clip(0), axes[:, ::-1]
        largest = np.abs(axes).argmax(axis=0)
        return cls(means, variances, axes * np.sign(axes[largest, np.arange(len(axes))]))

    @property
    def rank(self) -> int:
        """The number of axes along which rows vary by more than rounding."""
        floor = self.variances[0] * len(self.variances) * np.finfo(np.float32).eps ** 2
        return int(np.count_nonzero(self.variances > floor))

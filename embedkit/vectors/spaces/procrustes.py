"""Orthogonal Procrustes: the turn that brings rows nearest to others (Schoenemann 1966).

Of all orthogonal W, U V^T of the singular value decomposition X^T Y = U S V^T makes ||X W - Y|| smallest.
With a shift, both are first centered about the means of their rows (Schoenemann and Carroll 1970). All is
computed in float64.
"""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d, Longs1d
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces.rows import blocks, mapped_rows, unit_doubles


class OrthogonalMap(NamedTuple):
    """The map of a row x to (x - from) W + to."""

    turn: Doubles2d  # W, (D, D), orthogonal
    before: Doubles1d  # what is taken from a row, (D,)
    after: Doubles1d  # what is added to it when it is turned, (D,)
    normalize: bool  # whether rows are first scaled to length 1

    @classmethod
    def fit(
        cls, x: StoredRows, y: StoredRows, sources: Longs1d, targets: Longs1d, normalize: bool, center: bool
    ) -> Self:
        """The map that brings the rows `sources` of `x` nearest to the rows `targets` of `y`.

        Example:
            >>> x = StoredRows(np.array([[1, 0], [0, 2]], np.float32))
            >>> y = StoredRows(np.array([[0, 1], [-2, 0]], np.float32))
            >>> OrthogonalMap.fit(x, y, np.arange(2), np.arange(2), False, False).apply(x).tolist()
            [[0.0, 1.0], [-2.0, 0.0]]
        """
        size = x.vector_size
        sums, products = np.zeros((2, size)), np.zeros((size, size))
        for block in blocks(len(sources), size):
            a, b = _taken(x, sources[block], normalize), _taken(y, targets[block], normalize)
            sums += a.sum(axis=0), b.sum(axis=0)
            products += a.T @ b
        before, after = sums / len(sources) if center else np.zeros((2, size))
        u, _, vt = np.linalg.svd(products - len(sources) * np.outer(before, after))
        return cls(u @ vt, before, after, normalize)

    def apply(self, rows: StoredRows) -> Floats2d:
        """What becomes of rows (V, D), float32, read-only."""
        return mapped_rows(rows, rows.vector_size, self.turned)

    def turned(self, rows: Doubles2d) -> Doubles2d:
        """What becomes of rows (n, D) in float64."""
        moved = (unit_doubles(rows) if self.normalize else rows) - self.before
        turned: Doubles2d = moved @ self.turn + self.after
        return turned


def _taken(stored: StoredRows, rows: Longs1d, normalize: bool) -> Doubles2d:
    taken = stored.take(rows).astype(np.float64)
    return unit_doubles(taken) if normalize else taken

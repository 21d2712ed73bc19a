"""Linear algebra of debiasing: projection off a subspace, and equalizing sets. Arrays in, arrays out.

Projections handle rows in float64, a block at a time, and round to float32 once, at the end. The product of a
row w with a unit vector b, 0 before rounding, is then at most 2^-24 sum |w_i b_i| <= 6e-8 |w|.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.vectors.search.exact import slices

BLOCK = 1024  # rows in float64 at once: they stay in the second-level cache
NOTHING = 1e-6  # a remainder of less than this share of a row is rounding: all of the row was bias
APART = 1e-6  # equalized words closer than this, at length 1, coincide

Change = Callable[[Doubles2d, slice], Doubles2d]  # rows (n, D) and where they stand -> rows (n, D)


def changed(matrix: Floats2d, change: Change) -> Floats2d:
    """All rows of a (V, D) matrix as `change` makes them, float32."""
    out = np.empty_like(matrix)
    for block in slices(len(matrix), BLOCK):
        out[block] = change(matrix[block].astype(np.float64), block)
    return out


def projected(matrix: Floats2d, basis: Doubles2d) -> Floats2d:
    """All rows less their projection on the subspace of `basis` (k, D), which is orthonormal."""
    return changed(matrix, lambda rows, _: rejected(rows, basis))


def rejected(rows: Doubles2d, basis: Doubles2d) -> Doubles2d:
    """Rows (n, D) less their projection on the subspace of `basis` (k, D), which is orthonormal; float64."""
    rest: Doubles2d = rows - (rows @ basis.T) @ basis
    return rest


def mapped(matrix: Floats2d, transform: Doubles2d) -> Floats2d:
    """The rows T w of a linear map T (D, D), in float32 throughout."""
    moved: Floats2d = matrix @ transform.T.astype(np.float32)
    return moved


def neutralized(matrix: Floats2d, basis: Doubles2d, protected: Longs1d) -> Floats2d:
    """Unit rows (w - w_B) / |w - w_B|, where w_B is the projection on `basis` (k, D).

    The rows `protected` only get unit length. Zero rows stay zero; rows inside the subspace become zero.
    """
    spared = np.zeros(len(matrix), bool)
    spared[protected] = True

    def neutral(rows: Doubles2d, block: slice) -> Doubles2d:
        along = rows @ basis.T
        along[spared[block]] = 0
        squares = _squares(rows)
        rows -= along @ basis
        rest = _squares(rows)
        gone = rest <= NOTHING**2 * squares
        rows[gone] = 0
        rows /= np.sqrt(np.where(gone, 1, rest))[:, None]
        return rows

    return changed(matrix, neutral)


def equalized(unit: Doubles2d, basis: Doubles2d, words: tuple[str, ...]) -> Doubles2d:
    """A set of unit rows (w, D) made to differ in the subspace alone (Bolukbasi et al. 2016, section 6).

    With the mean m of the set and its part n = m - m_B outside the subspace, each word becomes
    n + sqrt(1 - |n|^2) (w_B - m_B) / |w_B - m_B|: of length 1, and with the same product with whatever is
    orthogonal to the subspace.

    Raises:
        InputError: words that would coincide, because the subspace does not tell them apart.
    """
    mean = unit.mean(axis=0)
    inside = (unit - mean) @ basis.T  # (w, k)
    lengths = np.linalg.norm(inside, axis=1)
    directions = inside / np.where(lengths > 0, lengths, 1)[:, None]
    common = rejected(mean, basis)
    reach = np.sqrt(max(0.0, 1 - float(common @ common)))
    for place, length in enumerate(lengths):
        gaps = reach * np.linalg.norm(directions[:place] - directions[place], axis=1)
        if length < APART or np.any(gaps < APART):
            raise InputError(
                f"equalized, the words of the set {', '.join(map(repr, words))} would coincide: a subspace "
                f"of {len(basis)} components does not tell {words[place]!r} apart; leave the set "
                "out, or take more components"
            )
    rows: Doubles2d = common + reach * directions @ basis
    return rows


def _squares(rows: Doubles2d) -> Doubles1d:
    """The squared length of each row."""
    squares: Doubles1d = np.einsum("ij,ij->i", rows, rows)
    return squares

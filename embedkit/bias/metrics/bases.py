"""Orthonormal bases of the directions (D,) and subspaces (k, D) that metrics are given."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import InputError
from embedkit.vectors.norms import finite_vectors

DEPENDENT = 1e-6  # of the largest singular value, below which a row adds nothing


def unit_direction(direction: ArrayLike, size: int) -> Doubles1d:
    """A direction (`size`,) at length 1; of a subspace of one row, that row.

    Raises:
        InputError: another shape, NaN, a zero vector or several directions.
    """
    basis = orthonormal(direction, size)
    if len(basis) != 1:
        raise InputError(f"expected one direction of {size} numbers, got a subspace of {len(basis)}")
    given = np.asarray(direction, np.float64).ravel()
    unit: Doubles1d = np.sign(given @ basis[0]) * basis[0]
    return unit


def orthonormal(directions: ArrayLike, size: int) -> Doubles2d:
    """An orthonormal basis (k, `size`) of what a direction (`size`,) or the rows of (k, `size`) span.

    Raises:
        InputError: another shape, NaN, or rows that are zero or depend on each other.
    """
    array = np.asarray(directions)
    rows = finite_vectors(array[None] if array.ndim == 1 else array, size)
    if not len(rows):
        raise InputError("expected at least one direction, got none")
    _, strengths, basis = np.linalg.svd(rows, full_matrices=False)
    if len(rows) > size or not strengths[-1] > DEPENDENT * strengths[0]:
        raise InputError(
            f"expected directions that are not zero and do not depend on each other, got {len(rows)} "
            f"of which only {int(np.count_nonzero(strengths > DEPENDENT * strengths[0]))} do not"
        )
    return basis

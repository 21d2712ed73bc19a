"""Spectrum of a space: principal components, isotropy, mean cosine. Exact, in blocks of rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d
from embedkit.vectors.search.exact import slices

BLOCK = 1 << 12  # rows at once: temporaries of some ten megabytes


class Moments(NamedTuple):
    """The mean (D,) and the covariance (D, D) of the rows of a matrix."""

    mean: Doubles1d
    covariance: Doubles2d


def moments(matrix: Floats2d) -> Moments:
    """Both moments of a matrix (n, D), n > 0, its mean taken away before rows are multiplied."""
    mean = matrix.mean(axis=0, dtype=np.float64)
    covariance = np.zeros((len(mean), len(mean)))
    for rows in slices(len(matrix), BLOCK):
        centered = matrix[rows] - mean  # float64, as the squares of large floats are none
        covariance += centered.T @ centered
    return Moments(mean, covariance / len(matrix))


def explained_variance(covariance: Doubles2d) -> Doubles1d:
    """The share of the variance along each principal component, (D,), the largest first; 0 if none varies."""
    variances = np.linalg.eigvalsh(covariance)[::-1].clip(0)
    shares: Doubles1d = variances / (variances.sum() or 1)
    return shares


def isotropy(matrix: Floats2d, moments: Moments) -> float:
    """The isotropy of a matrix (n, D) with these moments, from 0 to 1 (Mu and Viswanath 2018).

    It is the least of Z(c) over the greatest, where Z(c) is the sum of exp(c . v) over the rows v, and c goes
    through the eigenvectors of the matrix's V^T V. An eigenvector has no sign of its own, so c goes through
    both: the value does not depend on what the solver returns.
    """
    second = moments.covariance + np.outer(moments.mean, moments.mean)
    directions = np.linalg.eigh(second)[1]  # (D, D), a column each
    logarithms = np.full(2 * len(moments.mean), -np.inf)  # of Z: exp itself may overflow
    for rows in slices(len(matrix), BLOCK):
        along = matrix[rows] @ directions
        logarithms = np.logaddexp(logarithms, np.append(_log_sum_exp(along), _log_sum_exp(-along)))
    return float(np.exp(logarithms.min() - logarithms.max()))


def mean_cosine(unit: Floats2d) -> float | None:
    """The mean cosine of all pairs of two rows of `unit` (n, D), of length 1; None of fewer than two.

    The pairs' products are the square of the sum of all rows less the squares of the rows.
    """
    count = len(unit)
    if count < 2:
        return None
    total = unit.sum(axis=0, dtype=np.float64)
    return float((total @ total - count) / (count * (count - 1)))


def _log_sum_exp(values: Doubles2d) -> Doubles1d:
    """log(sum(exp(values))) over the rows of (n, c), as (c,)."""
    greatest = values.max(axis=0)
    sums = np.exp(values - greatest).sum(axis=0, dtype=np.float64)
    logarithms: Doubles1d = greatest + np.log(sums)
    return logarithms

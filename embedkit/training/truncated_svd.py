"""Truncated SVD of a large sparse matrix: block Lanczos iteration from random vectors.

Musco and Musco 2015, "Randomized Block Krylov Methods for Stronger and Faster Approximate Singular Value
Decomposition", algorithm 2: with random vectors X, the space spanned by A X, (A A') A X, (A A')^2 A X, and
so on holds the largest singular vectors of A, after far fewer products than the last of them alone would.
The basis Q is made orthogonal as it grows, one block of vectors a step, so that Q' A A' Q, whose eigenvalues
are the squares of the singular values, is block tridiagonal (Golub and Underwood 1977).
"""

from __future__ import annotations

from concurrent.futures import Executor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d
from embedkit.parallel.blas import one_blas_thread
from embedkit.parallel.mapping import map_in_order
from embedkit.parallel.threads import threads

if TYPE_CHECKING:
    from scipy.sparse import csr_array

TOLERANCE = 1e-3  # relative change in a step by which all singular values are taken as found
MAX_DENSE = 512  # rows or columns up to which the dense decomposition is as fast
BLOCK = 16  # vectors multiplied at once: a register of floats
PIECE = 1 << 20  # nonzeros a thread multiplies at once
_NEGLIGIBLE = 1e-5  # of the largest: what float32 cannot tell from 0


def truncated_svd(
    matrix: csr_array, size: int, seed: int, workers: int | None = None
) -> tuple[Doubles2d, Doubles1d]:
    """The first left singular vectors (V, size) and their singular values (size,), largest first.

    Computed with float32 until no singular value changes by more than `TOLERANCE` in a step: values are at
    most the exact ones, and less than 1 % below them. Matrices with up to `MAX_DENSE` rows or columns are
    decomposed exactly. What belongs to a value that cannot be told from 0 is set to 0. The entry of largest
    magnitude in each vector is positive.

    Args:
        matrix: float (V, C), not all zeros.
        size: at most min(V, C).
        seed: of the random vectors.
        workers: threads that multiply, by default one a core; the result does not depend on them.
    """
    if min(matrix.shape) <= MAX_DENSE:
        left, singular, _ = np.linalg.svd(matrix.toarray(), full_matrices=False)
        negligible = singular[0] * max(matrix.shape) * np.finfo(np.float64).eps
    else:
        left, singular = _block_lanczos(matrix, size, seed, workers)
        negligible = singular[0] * _NEGLIGIBLE
    left, singular = _first(left, size), _first(singular[None], size)[0]
    real = singular > negligible
    left, singular = np.where(real, left, 0), np.where(real, singular, 0)
    largest = left[np.abs(left).argmax(0), np.arange(size)]
    return left * np.where(largest < 0, -1, 1), singular


def _first(columns: Doubles2d, size: int) -> Doubles2d:
    """The first `size` columns, zeros behind them where there are fewer."""
    kept = columns[:, :size]
    return np.pad(kept, ((0, 0), (0, size - kept.shape[1])))


def _block_lanczos(
    matrix: csr_array, size: int, seed: int, workers: int | None
) -> tuple[Doubles2d, Doubles1d]:
    """Left singular vectors and singular values, `size` unless the rank is lower."""
    rows, columns = _SparseRows(matrix), _SparseRows(matrix.T.tocsr())
    start = np.random.default_rng(seed).standard_normal((matrix.shape[1], BLOCK), np.float32)
    basis: list[Floats2d] = []  # the blocks of Q
    projected = np.zeros((0, 0))  # Q' A A' Q
    squares: Doubles1d = np.zeros(size)
    with one_blas_thread(), threads(workers) as pool:
        block, below = _orthonormal(rows.times(start, pool), 0)
        below = below[:, :0]  # the first block has none before it
        while block.shape[1]:
            basis.append(block)
            images = rows.times(columns.times(block, pool), pool)
            projected = _bordered(projected, below, _remove(images, basis))
            before, squares = squares, np.linalg.eigvalsh(projected)[::-1][:size].astype(np.float64)
            if len(squares) == size and (squares - before <= 2 * TOLERANCE * squares).all():
                break
            squares = np.pad(squares, (0, size - len(squares)))
            block, below = _orthonormal(images, _NEGLIGIBLE * squares[0])
    values, vectors = np.linalg.eigh(projected)
    largest = np.argsort(-values, kind="stable")[:size]
    left = np.hstack(basis) @ vectors[:, largest].astype(np.float32)
    return left.astype(np.float64), np.sqrt(np.maximum(values[largest], 0))


def _remove(images: Floats2d, basis: list[Floats2d]) -> Doubles2d:
    """Take out of `images` (V, B), in place, all that lies in the span of `basis`.

    Returns the part of the last block, (B, B). In exact numbers only the last two blocks have any; what
    rounding leaves of the others would grow.
    """
    within = np.zeros((basis[-1].shape[1], images.shape[1]))
    for block in [*basis[-2:], *basis]:
        part = block.T @ images
        images -= block @ part
        if block is basis[-1]:
            within += part
    return (within + within.T) / 2


def _orthonormal(vectors: Floats2d, negligible: float) -> tuple[Floats2d, Floats2d]:
    """Q (V, N) and R (N, B) of `vectors` (V, B), without the vectors that others leave nothing of."""
    q, r = np.linalg.qr(vectors)
    real = np.abs(np.diag(r)) > negligible
    return q[:, real], r[real]


def _bordered(matrix: Doubles2d, below: Floats2d, corner: Doubles2d) -> Doubles2d:
    """A symmetric matrix with `corner` (N, N) set at its end and, left of it, `below` (N, M)."""
    known, new = len(matrix), len(corner)
    left = slice(known - below.shape[1], known)
    larger = np.pad(matrix, (0, new))
    larger[known:, known:] = corner
    larger[known:, left], larger[left, known:] = below, below.T
    return larger


class _SparseRows:
    """A sparse matrix (R, C) in pieces of rows, to be multiplied by threads."""

    def __init__(self, matrix: csr_array) -> None:
        self.values = matrix.data.astype(np.float32)
        self.columns, self.offsets = matrix.indices, matrix.indptr
        self.shape = matrix.shape
        pieces = -(-matrix.nnz // PIECE)
        within = np.searchsorted(self.offsets, matrix.nnz * np.arange(1, pieces) // pieces)
        self.bounds = [0, *within.tolist(), matrix.shape[0]]

    def times(self, right: Floats2d, pool: Executor) -> Floats2d:
        """The product with `right` (C, B <= BLOCK), (R, B)."""
        from embedkit.simd.storage import aligned_matrix
        from embedkit.training.kernels.sparse_products import multiply_rows

        operand, out = aligned_matrix(self.shape[1], BLOCK), aligned_matrix(self.shape[0], BLOCK)
        operand[:, : right.shape[1]] = right

        def multiply(piece: tuple[int, int]) -> None:
            multiply_rows(
                self.values, self.columns, self.offsets, operand.reshape(-1), out.reshape(-1), *piece
            )

        for _ in map_in_order(pool, multiply, pairwise(self.bounds), len(self.bounds)):
            pass
        return out[:, : right.shape[1]]

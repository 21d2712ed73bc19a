"""Ridge regression of the vectors of words on their character n-grams, by conjugate gradients.

Zhao, Mudgal and Liang, "Generalizing word embeddings using bag of subwords" (2018): the mean of the rows of a
word's n-grams shall come near the word's vector. N-grams of few words can be taken for anything that a single
word has of its own, so they get no rows here: of a Gaussian prior of the rows they are a part of the noise,
larger for the words that have more of them, and those words weigh less. Else nothing of them is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.parallel.mapping import map_in_order
from embedkit.vectors.subwords.bucket_subwords import compiled_loops

BLOCK = 8192  # words, or n-grams, at once
Product = Callable[[Floats2d], Floats2d]


@dataclass(frozen=True, eq=False)
class NgramCounts:
    """Which of B n-grams each of V words has.

    Attributes:
        ids: the n-grams of the first word, then those of the second, and so on, (total,).
        counts: how many each word has, (V,).
        lengths: how many it has with those that are not among the B, (V,).
        size: B.
    """

    ids: Longs1d
    counts: Longs1d
    lengths: Longs1d
    size: int


def fit_ngrams(
    ngrams: NgramCounts, vectors: Floats2d, weights: Floats1d, ridge: float, iterations: int, tolerance: float
) -> Floats2d:
    """The rows of n-grams (B, D), float32, of which words with few of their own n-grams are the mean.

    With A of A[v, b] = (how often word v has n-gram b) / lengths[v] and the weights on the diagonal of W, the
    rows X solve (A^T W A + ridge I) X = A^T W `vectors`, to `tolerance` of the residual or as far as
    `iterations` bring them; the preconditioner is the diagonal.

    Args:
        ngrams: which word has which n-grams.
        vectors: those of the words, (V, D).
        weights: how much each word matters, (V,).
        ridge: the penalty on squared entries of the rows.
        iterations: at most so many steps.
        tolerance: the residual, as a share of the first one, at which to stop.
    """
    lengths = np.maximum(ngrams.lengths, 1).astype(np.float32)
    single = ngrams.lengths - ngrams.counts
    weights = (weights / (1 + single / (lengths**2 * ridge))).astype(np.float32)
    with compiled_loops() as (loops, pool, in_flight):

        def sums(table: Floats2d, ids: Longs1d, counts: Longs1d) -> Floats2d:
            """The sum of the rows of each word, or of each n-gram."""
            ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
            out = np.empty((len(counts), table.shape[1]), np.float32)

            def fill(start: int) -> None:
                part = slice(start, start + BLOCK)
                of = ids[ends[start] : ends[min(start + BLOCK, len(counts))]]
                out[part] = loops.row_means(table, of, counts[part]) * counts[part, None].astype(np.float32)

            for _ in map_in_order(pool, fill, range(0, len(counts), BLOCK), in_flight):
                pass
            return out

        words, of_ngrams = _transposed(ngrams)
        factors = (weights / lengths)[:, None]
        diagonal = np.bincount(ngrams.ids, np.repeat(weights / lengths**2, ngrams.counts), ngrams.size)

        def product(rows: Floats2d) -> Floats2d:
            means = sums(rows, ngrams.ids, ngrams.counts) / lengths[:, None]
            return sums(means * factors, words, of_ngrams) + np.float32(ridge) * rows

        target = sums(vectors * factors, words, of_ngrams)
        preconditioner = (1 / (diagonal + ridge)).astype(np.float32)[:, None]
        return conjugate_gradients(product, target, preconditioner, iterations, tolerance)


def conjugate_gradients(
    product: Product, target: Floats2d, preconditioner: Floats2d, iterations: int, tolerance: float
) -> Floats2d:
    """X (B, D) of which `product(X)` is the target, column by column, for a symmetric positive product.

    Example:
        >>> matrix = np.array([[4, 1], [1, 3]], np.float32)
        >>> one = np.ones((2, 1), np.float32)
        >>> solution = conjugate_gradients(lambda rows: matrix @ rows, matrix @ one, one, 2, 0)
        >>> bool(np.allclose(solution, one))
        True
    """
    solution = np.zeros_like(target)
    residual = target.copy()
    scaled = preconditioner * residual
    direction = scaled.copy()
    length = first = np.einsum("ij,ij->j", residual, scaled)
    for _ in range(iterations):
        if not length.sum() > tolerance**2 * first.sum():
            break
        change = product(direction)
        step = length / _positive(np.einsum("ij,ij->j", direction, change))
        solution += step * direction
        residual -= step * change
        scaled = preconditioner * residual
        before, length = length, np.einsum("ij,ij->j", residual, scaled)
        direction *= length / _positive(before)
        direction += scaled
    return solution


def _positive(numbers: Floats1d) -> Floats1d:
    """Numbers to divide by: those of columns that are solved are zero."""
    return np.where(numbers > 0, numbers, np.float32(1))


def _transposed(ngrams: NgramCounts) -> tuple[Longs1d, Longs1d]:
    """The words of each n-gram, one n-gram after the other, and how many each has: (total,), (B,)."""
    words: NDArray[np.int64] = np.repeat(np.arange(len(ngrams.counts)), ngrams.counts)
    order = np.argsort(ngrams.ids, kind="stable")
    return words[order], np.bincount(ngrams.ids, minlength=ngrams.size)

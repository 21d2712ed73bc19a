"""Passes over stored rows in float64, a block at a time, so that memory holds no second matrix."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d, Longs1d
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import frozen
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.subwords.subwords import mapped_subwords

ENTRIES = 1 << 20  # of a block: 8 MB


def blocks(count: int, size: int) -> Iterator[slice]:
    """Consecutive slices that cover range(count), of rows of `size` numbers: at most `ENTRIES` of them."""
    step = max(1, ENTRIES // size)
    for start in range(0, count, step):
        yield slice(start, min(start + step, count))


def double_blocks(rows: StoredRows) -> Iterator[Doubles2d]:
    """All rows in their order, float64 (n, D) each time."""
    for block in blocks(len(rows), rows.vector_size):
        yield rows.block(block).astype(np.float64)


def mapped_rows(rows: StoredRows, size: int, change: Callable[[Doubles2d], Doubles2d]) -> Floats2d:
    """What `change` makes of rows (n, D), as a new read-only matrix, float32 (V, size)."""
    made = np.empty((len(rows), size), np.float32)
    with np.errstate(over="ignore"):  # infinity is refused, with its word, where it becomes vectors
        for place, block in zip(blocks(len(rows), rows.vector_size), double_blocks(rows), strict=True):
            made[place] = change(block)
    return frozen(made)


def mapped_affinely(
    vectors: Embeddings, size: int, change: Callable[[Doubles2d], Doubles2d], name: str, /, **settings: object
) -> Embeddings:
    """The same words with what an affine `change` makes of their rows and, if they are means, of subwords."""
    matrix = mapped_rows(vectors.stored, size, change)
    subwords = mapped_subwords(vectors.subwords, change, size)
    return vectors.transformed(matrix, name, **settings).with_subwords(subwords)


def column_means(rows: StoredRows) -> Doubles1d:
    """The mean of the rows, float64 (D,)."""
    total = np.zeros(rows.vector_size)
    for block in double_blocks(rows):
        total += block.sum(axis=0)
    return total / len(rows)


def covariance(rows: StoredRows, means: Doubles1d) -> Doubles2d:
    """The covariance of the columns about `means`, float64 (D, D), with V as the divisor."""
    total = np.zeros((rows.vector_size, rows.vector_size))
    for block in double_blocks(rows):
        block -= means
        total += block.T @ block
    return total / len(rows)


def unit_doubles(rows: Doubles2d) -> Doubles2d:
    """Rows (n, D) at length 1; zero rows stay zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1)


def cosines(
    a: StoredRows,
    b: StoredRows,
    ours: Longs1d,
    theirs: Longs1d,
    change: Callable[[Doubles2d], Doubles2d] = unit_doubles,
) -> Doubles1d:
    """The cosines of rows of `a`, after a `change`, with rows of `b`, float64 (n,); 0 beside a zero row."""
    found = np.empty(len(ours))
    for block in blocks(len(ours), a.vector_size):
        first = unit_doubles(change(a.take(ours[block]).astype(np.float64)))
        second = unit_doubles(b.take(theirs[block]).astype(np.float64))
        found[block] = np.einsum("ij,ij->i", first, second)
    return found.clip(-1, 1)

"""What a page shows of vectors: the most frequent words, their rows in 8 bits, counts, and the first map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.errors import FormatError, InputError
from embedkit.explorer.parts import PageParts
from embedkit.hyperparameters import check_count
from embedkit.maps.plane import framed, principal_plane, unit_vectors_of
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import is_lowercase
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces.words import frequency_ranks

MOST_WORDS = 50_000  # on a map


@dataclass(frozen=True, eq=False)
class ShownSpace:
    """The words of vectors that a page shows, most frequent first.

    Args:
        vectors: all of them.
        name: of their file.
        ids: the rows of the words shown, (n,).
        words: those words.
    """

    vectors: Embeddings
    name: str
    ids: Longs1d
    words: tuple[str, ...]

    @classmethod
    def of(cls, vectors: Embeddings, name: str, most_frequent: int = MOST_WORDS) -> ShownSpace:
        """The most frequent words of vectors.

        Raises:
            InputError: rows with NaN or infinity.
        """
        check_count("most_frequent", most_frequent)
        ids = np.argsort(frequency_ranks(vectors.vocabulary), kind="stable")[:most_frequent]
        return cls.chosen(vectors, name, ids)

    @classmethod
    def chosen(cls, vectors: Embeddings, name: str, ids: Longs1d) -> ShownSpace:
        """The words of these rows, in their order."""
        words = vectors.vocabulary.words
        return cls(vectors, name, ids, tuple(words[row] for row in ids.tolist()))

    @property
    def rows(self) -> StoredRows:
        """The rows of the words shown, as they are kept."""
        stored = self.vectors.stored
        if np.array_equal(self.ids, np.arange(len(self.ids))):
            return stored.first(len(self.ids))
        return stored.select(self.ids)

    @property
    def counts(self) -> NDArray[np.float32] | None:
        """How often each word occurs in the text behind the vectors, as far as they tell."""
        counts = self.vectors.vocabulary.counts
        return None if counts is None else counts[self.ids].astype(np.float32)

    def parts(self, prefix: str, largest: int | None = None, first: ShownSpace | None = None) -> PageParts:
        """Rows, factors and the first map as parts whose names begin with `prefix`.

        Args:
            prefix: of the names of parts.
            largest: how many dimensions there may be; of more, those along which vectors are longest are
                taken, and the facts tell which share of their squared lengths is kept.
            first: a space of the same words in whose plane this one is shown, if the dimensions allow it.

        Raises:
            FormatError: rows with NaN or infinity.
        """
        rows, beside = self.rows, None
        _check_finite(rows)
        if first is not None and first.rows.vector_size == rows.vector_size:
            beside = unit_vectors_of(first.rows)
        plane: Floats2d = framed(principal_plane(unit_vectors_of(rows), beside))
        rows, kept = reduced(rows, largest)
        small = rows.astype("int8")
        factors: Floats1d = small.factors
        facts = {
            prefix: {
                "name": self.name,
                "size": small.vector_size,
                "dimensions": self.vectors.vector_size,
                "variance_kept": kept,
                "words": len(self.vectors),
                "shown": len(self.ids),
                "lowercase": is_lowercase(self.vectors),
                "dtype": self.vectors.dtype,
                "subwords": self.vectors.subwords is not None,
            }
        }
        arrays: dict[str, Any] = {
            f"{prefix}.rows": small.values,
            f"{prefix}.factors": factors,
            f"{prefix}.pca": plane,
        }
        return PageParts(facts, arrays)


def reduced(rows: StoredRows, largest: int | None) -> tuple[StoredRows, float]:
    """Rows in at most so many dimensions, at length 1 before, and the share of their squared length kept.

    The directions are those along which they are longest, not centred, so that cosines change least.
    """
    if largest is None or rows.vector_size <= largest:
        return rows, 1.0
    unit = unit_vectors_of(rows).values
    squares, axes = np.linalg.eigh(unit.T.astype(np.float64) @ unit)
    kept = float(squares[-largest:].sum() / squares.sum())
    return StoredRows(unit @ axes[:, ::-1][:, :largest].astype(np.float32)), kept


def _check_finite(rows: StoredRows) -> None:
    """Raise `FormatError` unless all rows are finite, which mapped files do not promise."""
    try:
        bad = np.flatnonzero(~np.isfinite(rows.computed_norms()))
    except InputError as error:
        raise FormatError(str(error)) from None
    if len(bad):
        raise FormatError(f"the vectors hold NaN or infinity in row {bad[0]}; fix or leave out that row")

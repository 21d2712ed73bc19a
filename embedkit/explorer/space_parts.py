"""What a page shows of vectors: the most frequent words with their rows, and counts where they are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d
from embedkit.explorer.categories import Categories, clusters
from embedkit.explorer.parts import PageParts
from embedkit.explorer.row_parts import row_parts
from embedkit.hyperparameters import check_count
from embedkit.maps.plane import unit_vectors_of
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
        """The most frequent words of vectors."""
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

    def clusters(self, seed: int) -> Categories:
        """Clusters of the words, named after some of them."""
        unit = unit_vectors_of(self.rows).values
        return clusters(unit, unit, self.words, seed)

    def parts(self, prefix: str, largest: int | None = None, first: ShownSpace | None = None) -> PageParts:
        """Rows, factors and the first map, in the plane of the `first` space where it is another one.

        `largest` and errors are those of `row_parts`.
        """
        facts = {
            "name": self.name,
            "words": len(self.vectors),
            "lowercase": is_lowercase(self.vectors),
            "dtype": self.vectors.dtype,
        }
        return row_parts(prefix, self.rows, facts, largest, None if first is None else first.rows)

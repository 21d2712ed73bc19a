"""What a page shows of texts: their beginnings, and vectors made of those of their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedkit.errors import InputError
from embedkit.explorer.categories import Categories, clusters
from embedkit.explorer.parts import PageParts
from embedkit.explorer.row_parts import row_parts
from embedkit.maps.plane import unit_vectors_of
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import StoredRows

TITLE = 60  # characters of a text beside its point
LONGEST = 3000  # characters of a text that are shown, and explained
NAMING = 5000  # most frequent words after which clusters are named


@dataclass(frozen=True, eq=False)
class ShownTexts:
    """Texts that a page shows.

    Args:
        texts: n of them.
        vectors: of words, of which those of texts are made.
        name: of their file.
    """

    texts: Sequence[str]
    vectors: Embeddings
    name: str

    @cached_property
    def rows(self) -> StoredRows:
        """The vectors of the texts; 0 of those without a known word."""
        rows = StoredRows(self.vectors.encode(self.texts))
        if not rows.norms.any():
            raise InputError(f"{self.name}: no text has a word that the vectors know; choose others")
        return rows

    @property
    def words(self) -> tuple[str, ...]:
        """The beginnings of the texts."""
        return tuple(" ".join(text[: 4 * TITLE].split())[:TITLE] for text in self.texts)

    @property
    def excerpts(self) -> list[str]:
        """The texts, long ones cut."""
        return [text[:LONGEST] for text in self.texts]

    @property
    def text_parts(self) -> PageParts:
        """Beginnings and excerpts as parts."""
        return PageParts({}, {"words": list(self.words), "texts": self.excerpts})

    def clusters(self, seed: int) -> Categories:
        """Clusters of the texts, named after the words that are nearest to their centers."""
        frequent = self.vectors.vocabulary.words[:NAMING]
        named = unit_vectors_of(self.vectors.stored.first(len(frequent))).values
        return clusters(unit_vectors_of(self.rows).values, named, frequent, seed)

    def parts(self, prefix: str, largest: int | None = None) -> PageParts:
        """Rows and the first map; `largest` and errors are those of `row_parts`."""
        facts = {
            "name": self.name,
            "words": len(self.texts),
            "lowercase": True,
            "dtype": "float32",
            "cut": LONGEST,
            "unknown": int(np.count_nonzero(self.rows.norms == 0)),
        }
        return row_parts(prefix, self.rows, facts, largest)

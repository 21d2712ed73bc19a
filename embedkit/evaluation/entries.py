"""Entries of several words, such as Real_Madrid, as vectors.

An entry that the vectors do not have as it is stands for the mean of the vectors of its known words, as in
the scorer that comes with the 8-8-8 set; it is unknown if none of its words is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.evaluation.spellings import UNKNOWN, Spellings
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import FloatMatrix, unit_vectors
from embedkit.vectors.search import RowIds


class EntryVectors(NamedTuple):
    """Vectors (n, D) of length 1, zero for unknown entries, and which entries are known, (n,)."""

    unit: FloatMatrix
    known: NDArray[np.bool_]


def entry_vectors(vectors: Embeddings, spellings: Spellings, entries: Sequence[str]) -> EntryVectors:
    """The vectors of `entries`, whose words are joined by underscores."""
    found = [_rows(spellings, entry) for entry in entries]
    means = np.zeros((len(entries), vectors.vector_size))
    for place, rows in enumerate(found):
        if len(rows):
            means[place] = vectors.matrix[rows].mean(axis=0, dtype=np.float64)
    return EntryVectors(unit_vectors(means), np.array([len(rows) > 0 for rows in found], bool))


def entry_words(entries: Sequence[str]) -> list[tuple[str]]:
    """The entries and the words they are made of, each once: what may be looked up."""
    words = dict.fromkeys(word for entry in entries for word in (entry, *entry.split("_")) if word)
    return [(word,) for word in words]


def _rows(spellings: Spellings, entry: str) -> RowIds:
    """The row of an entry or, if it has none, the rows of its known words."""
    whole, *parts = spellings.rows([[entry, *entry.split("_")]])[0]
    rows = np.array(parts if whole == UNKNOWN else [whole], np.int64)
    known: RowIds = rows[rows != UNKNOWN]
    return known

"""Vectors of multi-word entries, such as Real_Madrid.

An entry that the vectors do not have as it is stands for the mean of the vectors of its known words, as in
the scorer that comes with the 8-8-8 set; it is unknown if none of its words is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Floats2d
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import UNKNOWN
from embedkit.vectors.norms import unit_vectors


class EntryVectors(NamedTuple):
    """Vectors (n, D) of length 1, zero for unknown entries, and which entries are known, (n,)."""

    unit: Floats2d
    known: Bools1d


def entry_vectors(vectors: Embeddings, rows: Mapping[str, int], entries: Sequence[str]) -> EntryVectors:
    """The vectors of `entries`, whose words are joined by underscores; `rows` are those of all words."""
    known_rows = [_known_rows(rows, entry) for entry in entries]
    means = np.zeros((len(entries), vectors.vector_size))
    for place, known in enumerate(known_rows):
        if known:
            means[place] = vectors.take(np.array(known)).mean(axis=0, dtype=np.float64)
    return EntryVectors(unit_vectors(means), np.array([len(known) > 0 for known in known_rows], bool))


def _known_rows(rows: Mapping[str, int], entry: str) -> list[int]:
    """The row of an entry or, if it has none, the rows of its known words."""
    if rows[entry] != UNKNOWN:
        return [rows[entry]]
    return [rows[part] for part in entry.split("_") if rows.get(part, UNKNOWN) != UNKNOWN]

"""Two spaces side by side on the words that both have: aligned where that helps, and how far each moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Floats1d, Floats2d
from embedkit.explorer.space_parts import MOST_WORDS, ShownSpace
from embedkit.maps.neighborhoods import neighborhoods
from embedkit.maps.plane import unit_vectors_of
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces.alignment import Procrustes
from embedkit.vectors.spaces.words import common_rows

GAIN = 0.05  # mean cosine of the same words that an alignment has to add
NEAR = 25  # neighbors of which those that both spaces share are counted
LOOKED_AT = 10_000  # most frequent words whose neighbors are compared


@dataclass(frozen=True, eq=False)
class SpacePair:
    """Two spaces on the same words.

    Attributes:
        before: the first.
        after: the second.
        aligned: whether the second was turned into the space of the first.
        cosine: the mean cosine of the same words in both; None of different dimensions.
        moved: how far each word moved, float32 (n,): 1 - the cosine of its vectors or, of different
            dimensions, the share of its nearest words that changed; NaN where that is not known.
    """

    before: ShownSpace
    after: ShownSpace
    aligned: bool
    cosine: float | None
    moved: Floats1d


def space_pair(
    before: Embeddings, after: Embeddings, names: tuple[str, str], most_frequent: int = MOST_WORDS
) -> SpacePair:
    """The words that two spaces have in common, most frequent first.

    The second is turned into the space of the first (orthogonal Procrustes) if that brings the same words
    nearer to one another, as for two trainings; vectors before and after debiasing stay as they are.

    Raises:
        InputError: no words in common.
    """
    ours, theirs = common_rows(before.vocabulary, after.vocabulary, most_frequent)
    first = ShownSpace.chosen(before, names[0], ours)
    if before.vector_size != after.vector_size:
        second = ShownSpace.chosen(after, names[1], theirs)
        return SpacePair(first, second, False, None, _neighbors_changed(first.rows, second.rows))
    a, b = (space.stored.take(ids) for space, ids in ((before, ours), (after, theirs)))
    cosine = float(_cosines(a, b).mean())
    aligned = False
    if len(ours) >= before.vector_size:
        alignment = Procrustes().fit(after, before)
        if alignment.cosine_after - alignment.cosine_before > GAIN:
            after, aligned = alignment.apply(after), True
            b = after.stored.take(theirs)
            cosine = float(_cosines(a, b).mean())
    second = ShownSpace.chosen(after, names[1], theirs)
    return SpacePair(first, second, aligned, cosine, (1 - _cosines(a, b)).astype(np.float32))


def _cosines(a: Floats2d, b: Floats2d) -> Floats1d:
    """The cosines of rows with one another, 0 beside a zero row."""
    found: Floats1d = np.einsum("ij,ij->i", unit_vectors(a), unit_vectors(b))
    return found.clip(-1, 1)


def _neighbors_changed(a: StoredRows, b: StoredRows) -> Floats1d:
    """The share of each frequent word's nearest words that are others in the second space."""
    moved = np.full(len(a), np.nan, np.float32)
    count = min(LOOKED_AT, len(a))
    near = min(NEAR, count - 1)
    if near < 1:
        return moved
    found = [neighborhoods(unit_vectors_of(rows.first(count)), near).rows for rows in (a, b)]
    for row, (ours, theirs) in enumerate(zip(*found, strict=True)):
        moved[row] = 1 - np.isin(ours, theirs).mean()
    return moved

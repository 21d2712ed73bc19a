"""`words_moved`: the words whose vectors differ most between two spaces, as those of two times do.

Hamilton et al. (2016, "Cultural shift or linguistic drift?") measure it in two ways. The global one is the
cosine distance of a word's vectors once the spaces are aligned; slow drift of a whole field shows in it. The
local one compares how near the word is to its neighbors (section 2.2): the cosines with all words that are
among its k nearest in either space are a vector for each space, and the cosine distance of these two is the
measure. It needs no alignment, and shows new meanings of single words.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np

from embedkit.arrays import Doubles1d, Floats2d, Longs1d, Longs2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.nearest import nearest
from embedkit.vectors.spaces.rows import cosines
from embedkit.vectors.spaces.words import check_same_size, common_rows

NEIGHBORS = 25  # k of the paper
MOST_FREQUENT = 10_000
NAMED = 5  # neighbors that are told of a word

Movement = Literal["distance", "neighborhood"]


class MovedWord(NamedTuple):
    """A word, how far it moved, and its nearest words before and after.

    Attributes:
        word: the word.
        distance: 1 - the cosine of its two vectors, from 0 to 2.
        neighborhood: 1 - the cosine of its similarities to its neighbors, in both spaces.
        before: its nearest words in the first space.
        after: its nearest words in the second.
    """

    word: str
    distance: float
    neighborhood: float
    before: tuple[str, ...]
    after: tuple[str, ...]


def words_moved(
    before: Embeddings,
    after: Embeddings,
    top: int | None = 20,
    by: Movement = "distance",
    most_frequent: int | None = MOST_FREQUENT,
    neighbors: int = NEIGHBORS,
) -> list[MovedWord]:
    """The words that moved most from one aligned space to another.

    Vectors of rare words differ by chance, so only frequent ones are looked at: a word counts as frequent as
    in the space in which it is rarer. Neighbors are sought among these words, too.

    Args:
        before: vectors that `align` made.
        after: the vectors that they were aligned with.
        top: how many words; None for all.
        by: the measure by which they are ordered, the farthest first.
        most_frequent: how many of the words in common are looked at; None for all.
        neighbors: nearest words that the measure "neighborhood" compares.

    Raises:
        InputError: spaces of different dimensions, or no words in common.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(5000)
        >>> other = embedkit.add(vectors, ["cat"], [vectors["train"]])
        >>> [moved] = embedkit.words_moved(vectors, other, top=1)
        >>> moved.word, round(moved.distance, 2) == round(1 - vectors.similarity("cat", "train"), 2)
        ('cat', True)
    """
    check_same_size(before, after, advice="align such spaces first")
    if by not in get_args(Movement):
        raise InputError(f"expected an order by {' or '.join(get_args(Movement))}, got {by!r}")
    if top is not None:
        check_count("top", top)
    check_count("neighbors", neighbors)
    ours, theirs = common_rows(before.vocabulary, after.vocabulary, most_frequent)
    spaces = unit_vectors(before.stored.take(ours)), unit_vectors(after.stored.take(theirs))
    distances = 1 - cosines(before.stored, after.stored, ours, theirs)
    count = len(ours) if top is None else min(top, len(ours))
    asked = np.arange(len(ours)) if by == "neighborhood" else _largest(distances, count)
    near = [_neighbors(space, asked, neighbors) for space in spaces]
    local = 1 - _similar_neighborhoods(spaces, asked, near)
    if by == "neighborhood":
        chosen = _largest(local, count)
        asked, local, near = asked[chosen], local[chosen], [rows[chosen] for rows in near]
    words = [before.vocabulary.words[row] for row in ours.tolist()]
    named = [
        [tuple(words[row] for row in found[:NAMED] if row >= 0) for found in rows.tolist()] for rows in near
    ]
    numbers = zip(asked.tolist(), distances[asked].tolist(), local.tolist(), *named, strict=True)
    return [MovedWord(words[row], *rest) for row, *rest in numbers]


def _largest(values: Doubles1d, count: int) -> Longs1d:
    """The places of the largest values, in order; of equals the first."""
    return np.argsort(-values, kind="stable")[:count]


def _neighbors(space: Floats2d, rows: Longs1d, count: int) -> Longs2d:
    """The nearest rows to each of some rows, (n, count), -1 where there are no more."""
    return nearest(StoredRows(space), space[rows], count, excluded=rows[:, None]).rows


def _similar_neighborhoods(
    spaces: tuple[Floats2d, Floats2d], rows: Longs1d, near: list[Longs2d]
) -> Doubles1d:
    """The cosine of each row's similarities to its neighbors in one space with those in the other, (n,)."""
    found = np.empty(len(rows))
    for place, (row, *both) in enumerate(zip(rows.tolist(), *near, strict=True)):
        union = np.union1d(*both)
        union = union[union >= 0]
        first, second = (space[union].astype(np.float64) @ space[row] for space in spaces)
        lengths = np.linalg.norm(first) * np.linalg.norm(second)
        found[place] = first @ second / lengths if lengths else 0
    return found.clip(-1, 1)

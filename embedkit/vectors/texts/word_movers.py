"""Word mover's distance and its lower bounds.

They are those of Kusner, Sun, Kolkin and Weinberger (2015), "From word embeddings to document distances".
Left out is the removal of stop words: give lists of words without them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.texts.bags import TextOrWords, bag_of_words
from embedkit.vectors.texts.optimal_transport import least_cost
from embedkit.vectors.word_vectors import WordVectors


class PlacedWords(NamedTuple):
    """The words of a text as points: their shares in it, (U,), and their vectors, (U, D), both float64."""

    shares: Doubles1d
    points: Doubles2d


def word_movers_distance(
    vectors: WordVectors, a: TextOrWords, b: TextOrWords, *, normalize: bool = False
) -> float:
    """The least cost of moving all words of one text onto those of another (section 3).

    A text is a distribution over its words. The cost of moving a share of 1 from one word to another is the
    Euclidean distance of their vectors; the flow that costs least is a linear program, solved exactly by POT.

    Args:
        vectors: of the words; those that have none are left out.
        a: a text, read as the text behind the vectors was, or a list of words.
        b: another.
        normalize: whether all vectors are first made of length 1, as gensim does unless told otherwise.

    Raises:
        InputError: a text without a known word.
        DependencyError: POT is not installed.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[0, 0], [3, 4], [0, 2]], ["cat", "train", "dog"])
        >>> word_movers_distance(vectors, "cat train", "dog train")
        1.0
    """
    first, second = placed_words(a, vectors, normalize), placed_words(b, vectors, normalize)
    return least_cost(first.shares, second.shares, distances(first.points, second.points))


def word_centroid_distance(
    vectors: WordVectors, a: TextOrWords, b: TextOrWords, *, normalize: bool = False
) -> float:
    """The Euclidean distance of the means of the words of two texts, at most their word mover's distance.

    It is WCD of section 4; the arguments are those of `word_movers_distance`.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[0, 0], [3, 4], [0, 2]], ["cat", "train", "dog"])
        >>> word_centroid_distance(vectors, "cat train", "dog train")
        1.0
    """
    first, second = placed_words(a, vectors, normalize), placed_words(b, vectors, normalize)
    return float(np.linalg.norm(first.shares @ first.points - second.shares @ second.points))


def relaxed_word_movers_distance(
    vectors: WordVectors, a: TextOrWords, b: TextOrWords, *, normalize: bool = False
) -> float:
    """The cost of moving each word to the closest of the other text, at most their word mover's distance.

    It is RWMD of section 4, the larger of the costs in both directions; the arguments are those of
    `word_movers_distance`.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[0, 0], [3, 4], [0, 2]], ["cat", "train", "dog"])
        >>> relaxed_word_movers_distance(vectors, "cat train", "dog train")
        1.0
    """
    first, second = placed_words(a, vectors, normalize), placed_words(b, vectors, normalize)
    costs = distances(first.points, second.points)
    return float(max(first.shares @ costs.min(axis=1), second.shares @ costs.min(axis=0)))


def placed_words(text: TextOrWords, vectors: WordVectors, normalize: bool) -> PlacedWords:
    """The words of a text as points."""
    bag = bag_of_words(vectors, text)
    return PlacedWords(bag.shares, points_of(vectors, bag.words, normalize))


def points_of(vectors: WordVectors, words: list[str], normalize: bool) -> Doubles2d:
    """The vectors of words, float64 (U, D), at length 1 if `normalize`."""
    rows = vectors.rows(words)
    return (unit_vectors(rows) if normalize else rows).astype(np.float64)


def distances(a: Doubles2d, b: Doubles2d) -> Doubles2d:
    """The Euclidean distances of points (m, D) and (n, D), float64 (m, n), exactly 0 for equal ones."""
    from scipy.spatial.distance import cdist

    costs: Doubles2d = cdist(a, b)
    return costs

"""Pairs of words, sums of words or texts compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Literal

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.texts.encoder import encoder_of_words
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.soft_cosine import soft_cosine
from embedkit.vectors.texts.typed import TextLookup
from embedkit.vectors.texts.word_movers import word_movers_distance
from embedkit.vectors.word_vectors import WordVectors

Measure = Literal["cosine", "euclidean", "soft-cosine", "wmd"]
Pair = tuple[str, str]


def compare_pairs(
    vectors: WordVectors, pairs: Sequence[Pair], measure: Measure, parameters: EncodingParameters
) -> list[float]:
    """A number for each pair of words, sums of words or texts that vectors know.

    Args:
        vectors: of the words.
        pairs: what `TextLookup` found: words as the vocabulary spells them, sums of words, or texts.
        measure: "cosine", in [-1, 1], 0 for zero vectors, or "euclidean", of the vectors of words and sums or
            of encoded texts; "soft-cosine" and "wmd" of texts, of which a word is one.
        parameters: how texts are encoded, from which nothing may be learned.

    Raises:
        InputError: a text without a known word, or a parameter out of range.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[1, 0], [0, 1]], ["snow", "alps"])
        >>> pairs = [("snow", "alps"), ("snow", "snow in the alps")]
        >>> compare_pairs(vectors, pairs, "euclidean", EncodingParameters(weights="mean"))
        [1.4142135623730951, 0.7071067811865476]
    """
    if measure == "wmd":
        return [word_movers_distance(vectors, a, b) for a, b in pairs]
    if measure == "soft-cosine":
        return [soft_cosine(vectors, a, b, weights=parameters.weights) for a, b in pairs]
    lookup, found = TextLookup(vectors), list(chain.from_iterable(pairs))
    are_texts = lookup.texts_among(found)
    with_text = are_texts.reshape(-1, 2).any(axis=1).repeat(2)  # pairs in which words, too, are encoded
    are_texts |= with_text & np.array([not lookup.is_sum(item) for item in found], bool)
    rows = lookup.vectors_of(found, are_texts, encoder_of_words(vectors, parameters))
    return [COMPARISONS[measure](pair) for pair in rows.reshape(-1, 2, vectors.vector_size)]


def _cosine(rows: Doubles2d) -> float:
    first, second = unit_vectors(rows)
    return float(np.clip(first @ second, -1, 1))


def _distance(rows: Doubles2d) -> float:
    return float(np.linalg.norm(rows[0] - rows[1]))


COMPARISONS: dict[str, Callable[[Doubles2d], float]] = {"cosine": _cosine, "euclidean": _distance}

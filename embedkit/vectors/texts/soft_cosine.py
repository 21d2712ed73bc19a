"""Soft cosine of texts: their words are compared with each other, not only with themselves.

Sidorov, Gelbukh, Gomez-Adorno and Pinto (2014), "Soft similarity and soft cosine measure: similarity of
features in vector space model", equation 9, with similarities of words as gensim has them: the cosine of
their vectors to the power of an exponent, and 0 up to a threshold (Charlet and Damnati 2017, equation 2).
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.errors import InputError
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.texts.bags import TextOrWords, bag_of_words
from embedkit.vectors.texts.encoder import word_weights
from embedkit.vectors.texts.parameters import EncodingParameters, TextWeighting
from embedkit.vectors.word_vectors import WordVectors


def soft_cosine(
    vectors: WordVectors,
    a: TextOrWords,
    b: TextOrWords,
    *,
    threshold: float = 0.0,
    exponent: float = 2.0,
    weights: TextWeighting = "mean",
) -> float:
    """The soft cosine of two texts, in [0, 1]; 1 for the same words as often.

    Args:
        vectors: of the words; those that have none are left out.
        a: a text, read as the text behind the vectors was, or a list of words.
        b: another.
        threshold: words whose cosine is not above it have nothing in common, in [0, 1).
        exponent: the power of cosines above the threshold, positive.
        weights: by which the counts of words are multiplied: "mean" for 1, "sif" or "usif", see
            `embedkit.text_encoder`.

    Raises:
        InputError: a text without a known word, or a parameter out of range.

    Example:
        >>> from embedkit import Embeddings
        >>> vectors = Embeddings([[1, 0], [0.8, 0.6], [0, 1]], ["cat", "dog", "train"])
        >>> round(soft_cosine(vectors, "the cat", "the dog"), 4)
        0.64
    """
    if not 0 <= threshold < 1 or not 0 < exponent < np.inf:
        raise InputError(
            f"threshold must be at least 0 and below 1, exponent above 0; got {threshold!r} and {exponent!r}"
        )
    first, second = bag_of_words(vectors, a), bag_of_words(vectors, b)
    places = {word: place for place, word in enumerate(dict.fromkeys([*first.words, *second.words]))}
    counts = np.zeros((2, len(places)))
    for row, bag in zip(counts, (first, second), strict=True):
        row[[places[word] for word in bag.words]] = bag.counts
    counts *= word_weights(vectors, EncodingParameters(weights=weights)).of(list(places))
    products = counts @ word_similarities(vectors, list(places), threshold, exponent) @ counts.T
    lengths = np.sqrt(products.diagonal())
    return float(np.clip(products[0, 1] / (lengths[0] * lengths[1]), 0, 1))


def word_similarities(vectors: WordVectors, words: list[str], threshold: float, exponent: float) -> Doubles2d:
    """The similarities of different words, float64 (U, U), 1 on the diagonal."""
    unit = unit_vectors(vectors.rows(words)).astype(np.float64)
    cosines = unit @ unit.T
    similarities: Doubles2d = np.where(cosines > threshold, cosines.clip(0, 1) ** exponent, 0)
    np.fill_diagonal(similarities, 1)
    return similarities

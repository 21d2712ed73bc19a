"""RIPA, the relational inner product association.

Ethayarajh, Duvenaud and Hirst (2019), "Understanding undesirable word embedding associations", ACL, section
4: the inner product of a word, at its own length, with a relation vector b, which is the difference of a pair
of words at length 1 or, for several pairs, the first principal component of their differences. Unlike WEAT's
cosines it does not make short vectors count as much as long ones.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from embedkit.bias.metrics.bases import unit_direction
from embedkit.bias.metrics.measurement import Measurement, by_word, coverage_of, mean_interval
from embedkit.bias.topics.word_lists import MIN_COVERAGE, match_words
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "the mean absolute inner product of words with the relation vector, from 0 up to the length of the "
    "vectors: 0 is no association, higher is worse"
)


def relational_inner_product(
    vectors: Embeddings,
    words: Iterable[str],
    relation: ArrayLike,
    *,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """The mean |RIPA| of words, with a bootstrap interval over words.

    Args:
        vectors: the space; vectors are taken at their own length.
        words: those to be measured, such as professions.
        relation: the relation vector (D,); it is brought to length 1.
        seed: random seed of the bootstrap.
        min_coverage: the share of words that must be known.

    Returns:
        `details["words"]` has RIPA of each word, above 0 towards the first word of the pair, and
        `details["mean"]` their mean.

    Raises:
        InputError: too few words are known, or the relation is no direction.

    Example:
        >>> from embedkit import Embeddings, Vocabulary
        >>> words = ["she", "he", "nurse", "smith"]
        >>> vectors = Embeddings([[1, 1], [-1, 1], [0.6, 0.8], [-0.6, 0.8]], Vocabulary(words))
        >>> relation = vectors["she"] - vectors["he"]
        >>> round(relational_inner_product(vectors, ["nurse", "smith"], relation).value, 3)
        0.6
    """
    known = match_words(vectors, words, min_coverage=min_coverage, what="the words")
    each = vectors.take(known.ids).astype(np.float64) @ unit_direction(relation, vectors.vector_size)
    low, high = mean_interval(np.abs(each), seed)
    return Measurement(
        name="RIPA",
        value=float(np.abs(each).mean()),
        meaning=MEANING,
        low=low,
        high=high,
        **coverage_of(words=known),
        seed=seed,
        details={"mean": float(each.mean()), "words": by_word(known, each)},
    )

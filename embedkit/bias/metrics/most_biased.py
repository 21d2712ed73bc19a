"""The most biased words of a space, on which residual bias is measured.

Gonen and Goldberg (2019), "Lipstick on a pig: debiasing methods cover up systematic gender biases in word
embeddings but do not remove them", NAACL: words are taken to be as biased as they were BEFORE debiasing, by
their cosine with the bias direction of the original space; they are then looked at in the debiased one. The
candidates are the most common words, without those that are biased by definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Bools1d, Floats1d, Longs1d
from embedkit.bias.metrics.bases import unit_direction
from embedkit.bias.topics.word_lists import match_words
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.vectors.embeddings import Embeddings

MAX_VOCABULARY = 50_000  # words from the front of the vocabulary, as in the paper
MIN_PER_SIDE = 10  # words of a side


class MostBiased(NamedTuple):
    """Rows of words and on which side they are.

    The most biased come first on either side: first those with a positive cosine, then as many with a
    negative one.
    """

    ids: Longs1d  # (2 n,)
    positive: Bools1d  # (2 n,)
    requested: int  # words of both sides

    @property
    def coverage(self) -> tuple[int, int]:
        """How many words there are, of how many asked for."""
        return len(self.ids), self.requested


def bias_by_projection(original: Embeddings, direction: ArrayLike) -> Floats1d:
    """The cosine of each word of the original space with the direction (D,), float32 (V,)."""
    axis = unit_direction(direction, original.vector_size).astype(np.float32)
    cosines: Floats1d = original.unit_matrix @ axis
    return cosines


def most_biased(
    original: Embeddings,
    direction: ArrayLike,
    per_side: int,
    *,
    excluded: Iterable[str] = (),
    max_vocabulary: int = MAX_VOCABULARY,
) -> MostBiased:
    """The `per_side` words on either side that are most biased in the original space.

    Args:
        original: the space before debiasing.
        direction: of the bias in it, (D,).
        per_side: how many words of a side; fewer are taken, as many on both, where there are not so many.
        excluded: words that are biased by definition; unknown ones do not matter.
        max_vocabulary: how many words from the front of the vocabulary are looked at; of these only words of
            lower-case letters count, as in the paper.

    Raises:
        InputError: fewer than `MIN_PER_SIDE` words of a side.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(3000)
        >>> biased = most_biased(vectors, vectors["she"] - vectors["he"], 10)
        >>> [vectors.vocabulary.words[row] for row in biased.ids[:3]]
        ['her', 'female', 'herself']
    """
    check_count("per_side", per_side)
    check_count("max_vocabulary", max_vocabulary)
    words = original.vocabulary.words[:max_vocabulary]
    eligible = np.fromiter((word.isalpha() and word.islower() for word in words), bool, len(words))
    left_out = match_words(original, excluded, min_coverage=0, min_words=0).ids
    eligible[left_out[left_out < len(words)]] = False
    bias = np.where(eligible, bias_by_projection(original, direction)[: len(words)], 0)
    order = np.argsort(-bias, kind="stable")
    count = min(per_side, int(np.count_nonzero(bias > 0)), int(np.count_nonzero(bias < 0)))
    if count < MIN_PER_SIDE:
        raise InputError(
            f"expected at least {MIN_PER_SIDE} biased words of either side among the first {len(words)}, got "
            f"{count}; give vectors of a larger vocabulary, or exclude fewer words"
        )
    ids = np.concatenate([order[:count], order[::-1][:count]])
    return MostBiased(ids, np.repeat([True, False], count), 2 * per_side)


def check_same_words(original: Embeddings, debiased: Embeddings) -> None:
    """Raise `InputError` unless both spaces have the same words in the same order."""
    if original.vocabulary.words != debiased.vocabulary.words:
        raise InputError(
            f"expected the debiased vectors to have the words of the original ones in the same order, got "
            f"{len(debiased)} words for {len(original)}"
        )

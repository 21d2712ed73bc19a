"""Residual bias in neighborhoods: the share of biased words among the neighbors of a word.

Gonen and Goldberg (2019), section 4, "Bias-by-neighbors" and "Professions": the share of a word's k nearest
neighbors that were biased to the positive side in the original space, held against the word's own original
bias by Pearson's correlation, over professions.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from embedkit.bias.metrics.measurement import RESAMPLES, Measurement, by_word, coverage_of
from embedkit.bias.metrics.most_biased import MAX_VOCABULARY, bias_by_projection, check_same_words
from embedkit.bias.topics.word_lists import MIN_COVERAGE, match_words
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.statistics.correlation import pearson
from embedkit.statistics.correlation_intervals import correlate
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.search.nearest import nearest

MEANING = (
    "Pearson correlation of the original bias of words with the share of their neighbors biased to the "
    "first class, from -1 to 1: 0 is none, higher is more residual bias"
)
NEIGHBORS = 100


def neighbor_bias(
    original: Embeddings,
    debiased: Embeddings,
    direction: ArrayLike,
    words: Iterable[str],
    *,
    k: int = NEIGHBORS,
    excluded: Iterable[str] = (),
    max_vocabulary: int = MAX_VOCABULARY,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """The correlation of original bias and the share of biased neighbors after debiasing.

    Args:
        original: the space before debiasing.
        debiased: the space after it.
        direction: of the bias in the original space, (D,).
        words: such as professions.
        k: neighbors of a word, itself left out.
        excluded: words that are no neighbors, such as those that are biased by definition.
        max_vocabulary: neighbors are looked for among so many words from the front of the vocabulary.
        seed: random seed of the bootstrap interval.
        min_coverage: the share of words that must be known.

    Returns:
        `details["shares"]` has of each word the share of its neighbors on the positive side.

    Raises:
        InputError: spaces of different words, fewer than 3 words are known, or too few candidates.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(3000)
        >>> direction = vectors["she"] - vectors["he"]
        >>> jobs = ["singer", "actress", "captain", "soldier", "writer"]
        >>> round(neighbor_bias(vectors, vectors, direction, jobs, k=10).value, 2)
        0.89
    """
    check_same_words(original, debiased)
    check_count("k", k)
    check_count("max_vocabulary", max_vocabulary)
    known = match_words(original, words, min_coverage=min_coverage, min_words=3, what="the words")
    bias = bias_by_projection(original, direction)
    left_out = match_words(original, excluded, min_coverage=0, min_words=0).ids
    rows = np.setdiff1d(np.arange(min(max_vocabulary, len(original))), left_out)
    if len(rows) <= k:
        raise InputError(f"expected more than {k} candidates for {k} neighbors, got {len(rows)}")
    targets = debiased.stored.take(known.ids)
    neighbors = nearest(debiased.stored, targets, k, known.ids[:, None], candidates=rows).rows
    shares = (bias[neighbors] > 0).mean(axis=1)
    correlation = correlate(pearson, bias[known.ids], shares, resamples=RESAMPLES, seed=seed)
    if correlation.value is None:
        raise InputError("expected words of different bias and neighbors, but they all have the same")
    _, low, high = correlation.numbers
    return Measurement(
        name="neighbor bias",
        value=correlation.value,
        meaning=MEANING,
        low=low,
        high=high,
        **coverage_of(words=known),
        seed=seed,
        details={
            "k": k,
            "shares": by_word(known, shares),
            "bias": by_word(known, bias[known.ids].astype(np.float64)),
        },
    )

"""Whether words still have the neighbours that their bias gave them.

Gonen and Goldberg (2019), section 4, "Bias-by-neighbors" and "Professions": the share of a word's k nearest
neighbours that were biased to the positive side in the original space, held against the word's own original
bias by Pearson's correlation, over professions.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from embedkit.bias.metrics.measurement import RESAMPLES, Measurement, by_word, coverage_of
from embedkit.bias.metrics.most_biased import CANDIDATES, bias_by_projection, check_same_words
from embedkit.bias.topics.word_lists import LEAST, found
from embedkit.errors import InputError
from embedkit.statistics.correlation import pearson
from embedkit.statistics.correlation_intervals import correlate
from embedkit.vectors.checks import check_count
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.search.exact import nearest

MEANING = (
    "whether words biased to one side still have neighbours of that side, as a correlation from -1 to 1: 0 "
    "is that they do not, and the higher the worse, the more bias is left"
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
    candidates: int = CANDIDATES,
    seed: int = 1,
    least: float = LEAST,
) -> Measurement:
    """The correlation of original bias and the share of biased neighbours after debiasing.

    Args:
        original: the space before debiasing.
        debiased: the space after it.
        direction: of the bias in the original space, (D,).
        words: such as professions.
        k: neighbours of a word, itself left out.
        excluded: words that are no neighbours, such as those that are biased by definition.
        candidates: neighbours are looked for among so many words from the front of the vocabulary.
        seed: of the bootstrap of the interval, that of `correlate`.
        least: the share of words that must be known.

    Returns:
        `details["shares"]` has of each word the share of its neighbours on the positive side.

    Raises:
        InputError: spaces of different words, fewer than 3 words are known, or too few candidates.
    """
    check_same_words(original, debiased)
    check_count("k", k)
    check_count("candidates", candidates)
    asked = found(original, words, least=least, at_least=3, what="the words")
    bias = bias_by_projection(original, direction)
    left_out = found(original, excluded, least=0, at_least=0).ids
    rows = np.setdiff1d(np.arange(min(candidates, len(original))), left_out)
    if len(rows) <= k:
        raise InputError(f"expected more than {k} candidates for {k} neighbours, got {len(rows)}")
    place = np.full(len(original), -1)
    place[rows] = np.arange(len(rows))
    unit = debiased.unit_matrix
    neighbors = nearest(unit[rows], unit[asked.ids], k, excluded=place[asked.ids][:, None]).rows
    shares = (bias[rows][neighbors] > 0).mean(axis=1)
    correlation = correlate(pearson, bias[asked.ids], shares, resamples=RESAMPLES, seed=seed)
    if correlation.value is None:
        raise InputError("expected words of different bias and neighbours, but they all have the same")
    _, low, high = correlation.numbers
    return Measurement(
        name="neighbour bias",
        value=correlation.value,
        meaning=MEANING,
        low=low,
        high=high,
        coverage=coverage_of(words=asked),
        seed=seed,
        details={
            "k": k,
            "shares": by_word(asked, shares),
            "bias": by_word(asked, bias[asked.ids].astype(np.float64)),
        },
    )

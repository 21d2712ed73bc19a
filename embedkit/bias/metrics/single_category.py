"""SC-WEAT, the association of single words, and WEFAT, its correlation with a fact about the world.

Caliskan, Bryson and Narayanan (2017), "Word Embedding Factual Association Test": s(w, A, B) is the mean
cosine of w with A less that with B, over the standard deviation of its cosines with A and B together. SC-WEAT
tests it for each word, over partitions of A and B; WEFAT correlates it with a quantity of each word, such as
the share of women in an occupation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.bias.metrics.associations import effect_interval, effect_size, mean_differences
from embedkit.bias.metrics.measurement import (
    RESAMPLES,
    Alternative,
    Measurement,
    by_word,
    coverage_of,
)
from embedkit.bias.metrics.partitions import PERMUTATIONS, permutation_test
from embedkit.bias.topics.word_lists import MIN_COVERAGE, MatchedWords, check_disjoint, match_words
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.statistics.correlation import pearson
from embedkit.statistics.correlation_intervals import correlate
from embedkit.statistics.significance import holm
from embedkit.vectors.embeddings import Embeddings

MEANING_SC = (
    "effect size: how much more {word!r} is associated with the attributes A than with B, in standard "
    "deviations, from about -2 to 2: 0 is no difference, the further from 0 the worse; above 0, it goes "
    "with A"
)
MEANING_WEFAT = (
    "Pearson correlation of the words' associations with a quantity of the real world, from -1 to 1: 0 is"
    " none, the further from 0 the more the vectors reflect it"
)


def single_category_weat(
    vectors: Embeddings,
    words: Iterable[str],
    a: Iterable[str],
    b: Iterable[str],
    *,
    alternative: Alternative = "two-sided",
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> list[Measurement]:
    """SC-WEAT of each known word, in the order of the list; p-values are over partitions of A and B.

    `details["p_holm"]` is the p-value corrected for the number of words (Holm 1979).

    Raises:
        InputError: too few words of a list are known, or an attribute is in both lists.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> measured = single_category_weat(vectors, ["nurse", "captain"], ["she", "woman"], ["he", "man"])
        >>> {one.details["word"]: round(one.value, 2) for one in measured}
        {'nurse': 1.69, 'captain': -1.73}
    """
    known, words_a, words_b, cosines = _cosines(vectors, words, a, b, min_coverage)
    first = len(words_a.words)
    tested = permutation_test(
        mean_differences(cosines, first),
        first,
        len(words_b.words),
        alternative=alternative,
        permutations=permutations,
        seed=seed,
    )
    corrected = holm(tested.p_values.tolist())
    measurements = []
    for place, word in enumerate(known.words):
        low, high = effect_interval(cosines[:first, place], cosines[first:, place])
        measurements.append(
            Measurement(
                name="SC-WEAT",
                value=effect_size(cosines[:first, place], cosines[first:, place]),
                meaning=MEANING_SC.format(word=word),
                low=low,
                high=high,
                p_value=float(tested.p_values[place]),
                alternative=alternative,
                **coverage_of(words=known, a=words_a, b=words_b),
                seed=None if tested.exact else seed,
                details={
                    "word": word,
                    "p_holm": corrected[place],
                    "partitions": tested.partitions,
                    "exact": tested.exact,
                },
            )
        )
    return measurements


def wefat(
    vectors: Embeddings,
    quantities: Mapping[str, float],
    a: Iterable[str],
    b: Iterable[str],
    *,
    permutations: int = 9999,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """WEFAT: Pearson's correlation of the words' associations with their `quantities`.

    The interval is that of `correlate`; the two-sided p-value is over random orders of the quantities,
    with 1 added to both counts.

    Raises:
        InputError: too few words are known (at least 3), or their quantities or associations do not vary.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> women = {"nurse": 0.9, "teacher": 0.75, "doctor": 0.4, "engineer": 0.15, "carpenter": 0.02}
        >>> round(wefat(vectors, women, ["she", "woman"], ["he", "man"], permutations=99).value, 2)
        0.97
    """
    check_count("permutations", permutations)
    known, words_a, words_b, cosines = _cosines(vectors, quantities, a, b, min_coverage, min_words=3)
    first = len(words_a.words)
    spread = cosines.std(axis=0, ddof=1)
    difference = cosines[:first].mean(axis=0) - cosines[first:].mean(axis=0)
    scores = difference / np.where(spread > 0, spread, 1)
    facts = np.array([quantities[word] for word in known.listed], np.float64)
    if not np.isfinite(facts).all():
        raise InputError("expected a finite quantity for each word, got NaN or infinity")
    correlation = correlate(pearson, scores, facts, resamples=RESAMPLES, seed=seed)
    if correlation.value is None:
        raise InputError("expected quantities and associations that vary, but all words have the same")
    _, low, high = correlation.numbers
    generator = np.random.default_rng(seed)
    shuffled = pearson(generator.permuted(np.tile(facts, (permutations, 1)), axis=1), scores[None])
    as_extreme = int(np.count_nonzero(np.abs(shuffled) >= abs(correlation.value) - 1e-12))
    return Measurement(
        name="WEFAT",
        value=correlation.value,
        meaning=MEANING_WEFAT,
        low=low,
        high=high,
        p_value=(1 + as_extreme) / (1 + permutations),
        alternative="two-sided",
        **coverage_of(words=known, a=words_a, b=words_b),
        seed=seed,
        details={"associations": by_word(known, scores), "quantities": by_word(known, facts)},
    )


def _cosines(
    vectors: Embeddings,
    words: Iterable[str],
    a: Iterable[str],
    b: Iterable[str],
    min_coverage: float,
    min_words: int = 1,
) -> tuple[MatchedWords, MatchedWords, MatchedWords, Doubles2d]:
    """The words and attributes that are known; the cosines of the attributes A, then B, with the words."""
    known = match_words(vectors, words, min_coverage=min_coverage, min_words=min_words, what="the words")
    words_a = match_words(vectors, a, min_coverage=min_coverage, min_words=2, what="the attributes A")
    words_b = match_words(vectors, b, min_coverage=min_coverage, min_words=2, what="the attributes B")
    check_disjoint(words_a, words_b, "the attributes A and B")
    attributes = np.concatenate([words_a.unit(vectors), words_b.unit(vectors)]).astype(np.float64)
    return known, words_a, words_b, attributes @ known.unit(vectors).T.astype(np.float64)

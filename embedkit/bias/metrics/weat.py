"""WEAT, the word embedding association test.

Caliskan, Bryson and Narayanan (2017), "Semantics derived automatically from language corpora contain
human-like biases", Science 356, with their unnumbered equations of "Word Embedding Association Test": the
score s(X, Y, A, B), the effect size d and the one-sided p-value over partitions of X and Y. Beyond the paper:
the two-sided p-value, an interval, and lists of different sizes, which missing words leave behind.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from embedkit.bias.metrics.associations import associations, effect_interval, effect_size, mean_differences
from embedkit.bias.metrics.measurement import Alternative, Measurement, by_word, coverage_of
from embedkit.bias.metrics.partitions import PERMUTATIONS, permutation_test
from embedkit.bias.topics.word_lists import MIN_COVERAGE, check_disjoint, match_words
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "effect size: how much more the targets X than Y are associated with the attributes A rather than B, "
    "in standard deviations, from about -2 to 2: 0 is no difference, the further from 0 the worse; above "
    "0, X goes with A"
)


def weat(
    vectors: Embeddings,
    x: Iterable[str],
    y: Iterable[str],
    a: Iterable[str],
    b: Iterable[str],
    *,
    alternative: Alternative = "two-sided",
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """The effect size of WEAT with its interval and permutation p-value.

    Args:
        vectors: the space.
        x: target words, such as "math", "algebra".
        y: other target words, such as "poetry", "art".
        a: attribute words, such as "he", "man".
        b: other attribute words, such as "she", "woman".
        alternative: "greater" is the paper's: that X goes with A.
        permutations: partitions of X and Y that are drawn if there are too many to enumerate.
        seed: random seed of the draws.
        min_coverage: the share of each list that must be known.

    Returns:
        `details` has the score s(X, Y, A, B), the number of partitions, whether they were all, and the
        association of each target word.

    Raises:
        InputError: too few words of a list are known, or a word is in both lists of a kind.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> x, y = ["math", "algebra", "geometry"], ["poetry", "art", "dance"]
        >>> measured = weat(vectors, x, y, ["he", "man", "his"], ["she", "woman", "her"])
        >>> round(measured.value, 2), measured.p_value
        (1.47, 0.1)
    """
    words_x = match_words(vectors, x, min_coverage=min_coverage, min_words=2, what="the targets X")
    words_y = match_words(vectors, y, min_coverage=min_coverage, min_words=2, what="the targets Y")
    words_a = match_words(vectors, a, min_coverage=min_coverage, what="the attributes A")
    words_b = match_words(vectors, b, min_coverage=min_coverage, what="the attributes B")
    check_disjoint(words_x, words_y, "the targets X and Y")
    check_disjoint(words_a, words_b, "the attributes A and B")
    unit_a, unit_b = words_a.unit(vectors), words_b.unit(vectors)
    s_x = associations(words_x.unit(vectors), unit_a, unit_b)
    s_y = associations(words_y.unit(vectors), unit_a, unit_b)
    value = effect_size(s_x, s_y)
    low, high = effect_interval(s_x, s_y)
    tested = permutation_test(
        mean_differences(np.concatenate([s_x, s_y]), len(s_x)),
        len(s_x),
        len(s_y),
        alternative=alternative,
        permutations=permutations,
        seed=seed,
    )
    return Measurement(
        name="WEAT",
        value=value,
        meaning=MEANING,
        low=low,
        high=high,
        p_value=tested.p_value,
        alternative=alternative,
        **coverage_of(x=words_x, y=words_y, a=words_a, b=words_b),
        seed=None if tested.exact else seed,
        details={
            "score": float(s_x.sum() - s_y.sum()),
            "partitions": tested.partitions,
            "exact": tested.exact,
            "associations": {"x": by_word(words_x, s_x), "y": by_word(words_y, s_y)},
        },
    )

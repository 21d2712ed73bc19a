"""RND, the relative norm distance between words and two groups.

Garg, Schiebinger, Jurafsky and Zou (2018), "Word embeddings quantify 100 years of gender and ethnic
stereotypes", PNAS 115, equation 3: sum over neutral words m of |v_m - v_1| - |v_m - v_2|, where v_1 and v_2
are the mean vectors of the groups and all words have unit length. Here it is the mean over m, so that it does
not grow with the list.

The p-value is over partitions of the words of both groups: were the groups no different, any other parting of
them would do as well.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from embedkit.arrays import Doubles2d
from embedkit.bias.metrics.measurement import Alternative, Measurement, by_word, coverage_of, mean_interval
from embedkit.bias.metrics.partitions import permutation_test
from embedkit.bias.topics.word_lists import MIN_COVERAGE, check_disjoint, match_words
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "how much closer the words are to the second group than to the first, from -2 to 2: 0 is equally "
    "close, below 0 is closer to the first, the further from 0 the worse"
)
PERMUTATIONS = 10_000  # drawn where there are more than are enumerated


def relative_norm_distance(
    vectors: Embeddings,
    words: Iterable[str],
    first: Iterable[str],
    second: Iterable[str],
    *,
    alternative: Alternative = "two-sided",
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """RND of neutral `words` and the groups `first` and `second`, all at unit length.

    The interval is a bootstrap over words. `details["words"]` has the difference of each word.

    Raises:
        InputError: too few words of a list are known, or a word is in both groups.

    Example:
        >>> from embedkit import Embeddings, Vocabulary
        >>> words = ["she", "he", "nurse", "smith"]
        >>> vectors = Embeddings([[1, 1], [-1, 1], [0.6, 0.8], [-0.6, 0.8]], Vocabulary(words))
        >>> round(relative_norm_distance(vectors, ["nurse"], ["she"], ["he"]).value, 3)
        -1.169
    """
    known = match_words(vectors, words, min_coverage=min_coverage, what="the neutral words")
    one = match_words(vectors, first, min_coverage=min_coverage, what="the first group")
    two = match_words(vectors, second, min_coverage=min_coverage, what="the second group")
    check_disjoint(one, two, "the groups")
    group = np.concatenate([one.unit(vectors), two.unit(vectors)]).astype(np.float64)
    unit = known.unit(vectors).astype(np.float64)
    gram, cross, squares = group @ group.T, group @ unit.T, np.einsum("ij,ij->i", unit, unit)
    sizes = len(one.ids), len(two.ids)

    def distances(members: Doubles2d, size: int) -> Doubles2d:
        """The distances (P, words) to the means of the members (P, group) of each partition."""
        lengths = np.einsum("ij,ij->i", members @ gram, members) / size**2
        squared = squares - 2 * (members @ cross) / size + lengths[:, None]
        roots: Doubles2d = np.sqrt(squared.clip(0))
        return roots

    def statistics(partitions: Doubles2d) -> Doubles2d:
        differences: Doubles2d = distances(partitions, sizes[0]) - distances(1 - partitions, sizes[1])
        return differences

    each = statistics(np.repeat([1.0, 0.0], sizes)[None])[0]
    low, high = mean_interval(each, seed)
    tested = permutation_test(
        lambda partitions: statistics(partitions).mean(axis=1),
        *sizes,
        alternative=alternative,
        permutations=permutations,
        seed=seed,
        exact=permutations,
    )
    return Measurement(
        name="RND",
        value=float(each.mean()),
        meaning=MEANING,
        low=low,
        high=high,
        p_value=tested.p_value,
        alternative=alternative,
        **coverage_of(words=known, first=one, second=two),
        seed=seed,
        details={
            "partitions": tested.partitions,
            "exact": tested.exact,
            "words": by_word(known, each),
        },
    )

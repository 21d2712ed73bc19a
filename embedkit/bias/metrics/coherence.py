"""ECT, the embedding coherence test.

Dev and Phillips (2019), "Attenuating bias in word vectors", AISTATS, section 4.1: the words of two groups
have mean vectors m and s; the attributes, such as professions, are ranked by their cosines with each; the
test is Spearman's correlation of both rankings. The paper's groups are pairs such as he and she; here they
are lists of any size.

The p-value is over partitions of the words of both groups: the chance that another parting of them would give
rankings that agree as little.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.bias.metrics.measurement import RESAMPLES, Measurement, by_word, coverage_of
from embedkit.bias.metrics.partitions import permutation_test
from embedkit.bias.topics.word_lists import MIN_COVERAGE, check_disjoint, match_words
from embedkit.errors import InputError
from embedkit.statistics.correlation import spearman
from embedkit.statistics.correlation_intervals import correlate
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "Spearman correlation of the attributes' similarities to both groups, from -1 to 1: 1 is the same "
    "ranking for both, lower is worse"
)
PERMUTATIONS = 1000  # drawn where there are more partitions


def embedding_coherence(
    vectors: Embeddings,
    first: Iterable[str],
    second: Iterable[str],
    attributes: Iterable[str],
    *,
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> Measurement:
    """ECT of two groups of words and a list of attributes; the interval is that of `correlate`.

    `details` has the cosines of each attribute with both means.

    Raises:
        InputError: too few words of a list are known (3 attributes at least), a word is in both groups, or
            all attributes are as near.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> jobs = ["nurse", "doctor", "singer", "captain", "chef"]
        >>> round(embedding_coherence(vectors, ["she", "her"], ["he", "his"], jobs).value, 3)
        0.5
    """
    one = match_words(vectors, first, min_coverage=min_coverage, what="the first group")
    two = match_words(vectors, second, min_coverage=min_coverage, what="the second group")
    known = match_words(vectors, attributes, min_coverage=min_coverage, min_words=3, what="the attributes")
    check_disjoint(one, two, "the groups")
    group = np.concatenate([one.unit(vectors), two.unit(vectors)]).astype(np.float64)
    table = group @ known.unit(vectors).T.astype(np.float64)  # products with sums order as cosines do
    sizes = len(one.ids), len(two.ids)

    def statistics(partitions: Doubles2d) -> Doubles2d:
        coherences = spearman(partitions @ table, (1 - partitions) @ table)
        return 1 - np.nan_to_num(coherences, nan=1.0)

    seen = np.repeat([1.0, 0.0], sizes)
    near_one, near_two = (_cosines(members, group, table) for members in (seen, 1 - seen))
    coherence = correlate(spearman, near_one, near_two, resamples=RESAMPLES, seed=seed)
    if coherence.value is None:
        raise InputError("expected attributes that differ in their cosines, but they all have the same")
    _, low, high = coherence.numbers
    tested = permutation_test(
        statistics, *sizes, alternative="greater", permutations=permutations, seed=seed, exact=permutations
    )
    return Measurement(
        name="ECT",
        value=coherence.value,
        meaning=MEANING,
        low=low,
        high=high,
        p_value=tested.p_value,
        alternative="less",
        **coverage_of(first=one, second=two, attributes=known),
        seed=seed,
        details={
            "partitions": tested.partitions,
            "exact": tested.exact,
            "first": by_word(known, near_one),
            "second": by_word(known, near_two),
        },
    )


def _cosines(members: Doubles1d, group: Doubles2d, table: Doubles2d) -> Doubles1d:
    """The cosines of the attributes with the mean of the members (n,) of the group."""
    length = float(np.linalg.norm(members @ group))
    cosines: Doubles1d = members @ table / (length or 1.0)
    return cosines

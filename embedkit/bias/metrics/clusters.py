"""Residual bias in clusters: whether the most biased words still fall into two after debiasing.

Gonen and Goldberg (2019), section 4, "Male- and female-biased words cluster together": k-means puts the 500
most biased words of either side, by their original bias, into two clusters; the accuracy is the share of
words that are with their kind, whichever cluster that is.

The p-value is exact: were clusters and sides independent, the words of one side in a cluster would follow the
hypergeometric distribution.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.most_biased import MAX_VOCABULARY, check_same_words, most_biased
from embedkit.statistics.clusters import two_clusters
from embedkit.statistics.intervals import wilson
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "the share of the most biased words that k-means clusters with their own side, from 0.5 to 1: 0.5 is "
    "chance, higher is more residual bias"
)
PER_SIDE = 500


def cluster_accuracy(
    original: Embeddings,
    debiased: Embeddings,
    direction: ArrayLike,
    *,
    per_side: int = PER_SIDE,
    excluded: Iterable[str] = (),
    max_vocabulary: int = MAX_VOCABULARY,
    seed: int = 1,
) -> Measurement:
    """The accuracy of two clusters of the debiased vectors of the words most biased in the original space.

    The arguments are those of `most_biased`; the original vectors may stand for the debiased ones too, which
    gives the accuracy before. The interval is Wilson's.

    Raises:
        InputError: too few biased words, or spaces of different words.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(3000)
        >>> direction = vectors["she"] - vectors["he"]
        >>> debiased = embedkit.debias(vectors, "gender", "projection")
        >>> round(cluster_accuracy(vectors, debiased, direction, per_side=100).value, 2)
        0.65
    """
    check_same_words(original, debiased)
    biased = most_biased(original, direction, per_side, excluded=excluded, max_vocabulary=max_vocabulary)
    unit = debiased.take_unit(biased.ids)
    clusters = two_clusters(unit, seed)
    total = len(clusters)
    agreeing = int(np.count_nonzero(clusters == biased.positive))
    right = max(agreeing, total - agreeing)
    low, high = wilson(right, total) or (None, None)
    return Measurement(
        name="clustering accuracy",
        value=right / total,
        meaning=MEANING,
        low=low,
        high=high,
        p_value=chance_of_agreement(right, total, int(np.count_nonzero(clusters))),
        alternative="greater",
        coverage={"most biased words": biased.coverage},
        seed=seed,
    )


def chance_of_agreement(right: int, total: int, cluster: int) -> float:
    """The chance that a random cluster of `cluster` among `total` words agrees with their two halves.

    To agree is that at least `right` words are with their kind, one way round or the other: with 4 words and
    clusters of 2, all 4 are in 2 of the 6 clusters there are.
    """
    half = total // 2
    agreeing = 0
    for inside in range(max(0, cluster - half), min(cluster, half) + 1):
        same = inside + half - (cluster - inside)  # of this side inside, of the other outside
        if max(same, total - same) >= right:
            agreeing += comb(half, inside) * comb(half, cluster - inside)
    return float(Fraction(agreeing, comb(total, cluster)))

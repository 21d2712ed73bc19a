"""Scores of collocations: how much more often two words stand together than by chance.

PMI (Church and Hanks 1990) of words a and b is ln(p(a, b) / (p(a) p(b))), where p is a count divided by the
number of words of the text. NPMI (Bouma 2009) divides it by -ln p(a, b): it is 1 for words that occur only
together, 0 for independent ones, and near -1 for those that avoid each other. The score of Mikolov et al.
(2013, eq. 6) is (n(a, b) - min_count) / (n(a) n(b)), times the number of different words and pairs, as in
gensim, so that a threshold does not depend on the size of the text.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Longs1d


class PairCounts(NamedTuple):
    """How often N pairs occur, and what the scores compare that with."""

    together: Longs1d  # (N,): how often the pair occurs
    first: Longs1d  # (N,): how often its first word occurs
    second: Longs1d  # (N,)
    words: int  # of the text, each counted as often as it stands there
    types: int  # different words, without connectors, and different pairs


def scores(counts: PairCounts, score: str, min_count: int) -> Doubles1d:
    """The scores (N,) of pairs, each of which occurs at least once.

    Example:
        >>> import numpy as np
        >>> from embedkit.text.phrases.scoring import PairCounts, scores
        >>> counts = PairCounts(*np.array([[10], [10], [20]]), words=1000, types=100)
        >>> [round(float(scores(counts, name, 5)[0]), 4) for name in ("pmi", "npmi", "mikolov")]
        [3.912, 0.8495, 2.5]
    """
    together, first, second = (array.astype(np.float64) for array in counts[:3])
    if score == "mikolov":
        return (together - min_count) / (first * second) * counts.types
    probability = together / counts.words
    pmi: Doubles1d = np.log(probability / (first / counts.words * (second / counts.words)))
    if score == "pmi":
        return pmi
    certain = probability == 1  # a text of one pair and nothing else, of which this is the limit
    return np.where(certain, 1.0, pmi / -np.log(np.where(certain, 0.5, probability)))

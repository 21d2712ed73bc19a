"""Whether a classifier can tell from debiased vectors on which side words were.

Gonen and Goldberg (2019), section 4, "Classifying previously female- and male-biased words": of the 5,000
most biased words, half of either side by their original bias, a support vector machine with a radial basis
kernel learns 1,000, half of either side at random, and says of the other 4,000 on which side they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.most_biased import CANDIDATES, check_same_words, most_biased
from embedkit.errors import InputError
from embedkit.statistics.intervals import wilson
from embedkit.vectors.embeddings import Embeddings

MEANING = (
    "the share of the most biased words whose side a classifier recovers, from 0 to 1: 0.5 is chance, and "
    "the higher the worse, the more bias is left"
)
EACH = 2500
LEARNED = 0.2  # of the words of a side


def recovery_accuracy(
    original: Embeddings,
    debiased: Embeddings,
    direction: ArrayLike,
    *,
    each: int = EACH,
    learned: float = LEARNED,
    excluded: Iterable[str] = (),
    candidates: int = CANDIDATES,
    seed: int = 1,
) -> Measurement:
    """The accuracy with which the original side of words is recovered from their debiased vectors.

    Args:
        original: the space before debiasing.
        debiased: the space after it, or the original once more.
        direction: of the bias in the original space, (D,).
        each: words of a side; fewer where there are not so many.
        learned: the share of them that the classifier learns; it is tested on the others.
        excluded: words that are biased by definition.
        candidates: words from the front of the vocabulary that are looked at.
        seed: of which words are learned.

    Returns:
        The interval is Wilson's, the p-value that of as many right by guessing.

    Raises:
        InputError: too few biased words, spaces of different words, or a share that leaves nothing to learn
            or to test.
    """
    from sklearn.svm import SVC

    check_same_words(original, debiased)
    biased = most_biased(original, direction, each, excluded=excluded, candidates=candidates)
    trained = _learned(len(biased.ids) // 2, learned, seed)
    unit = debiased.unit_matrix[biased.ids]
    model = SVC(kernel="rbf").fit(unit[trained], biased.positive[trained])
    total = int(np.count_nonzero(~trained))
    right = int(np.count_nonzero(model.predict(unit[~trained]) == biased.positive[~trained]))
    low, high = wilson(right, total) or (None, None)
    return Measurement(
        name="recovery accuracy",
        value=right / total,
        meaning=MEANING,
        low=low,
        high=high,
        p_value=chance_of_guessing(right, total),
        alternative="greater",
        coverage={"most biased words": biased.coverage},
        seed=seed,
        details={"learned": len(biased.ids) - total, "tested": total},
    )


def chance_of_guessing(right: int, total: int) -> float:
    """The chance of at least `right` heads of `total` tosses of a coin: (2, 2) -> 0.25."""
    ways = sum(comb(total, heads) for heads in range(right, total + 1))
    return float(Fraction(ways, 1 << total))


def _learned(each: int, share: float, seed: int) -> NDArray[np.bool_]:
    """Which of 2 `each` words are learned, (2 each,): the same number of either half, at random."""
    count = round(each * share) if 0 < share < 1 else 0
    if not 0 < count < each:
        raise InputError(f"expected a share that leaves words to learn and to test, got {share} of {each}")
    generator = np.random.default_rng(seed)
    chosen = np.zeros((2, each), bool)
    chosen[:, :count] = True
    return generator.permuted(chosen, axis=1).ravel()

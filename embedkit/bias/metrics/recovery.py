"""Recovery accuracy: how well a classifier predicts the bias of words from their debiased vectors.

Gonen and Goldberg (2019), section 4, "Classifying previously female- and male-biased words": of the 5,000
most biased words, half of either side by their original bias, a support vector machine with a radial basis
kernel learns 1,000, half of either side at random, and says of the other 4,000 on which side they were.

Dimensions depend on each other, so that much of any direction can be recovered from what is left without it.
Beyond the paper, the same is therefore done with random directions: the words that lie furthest along one
are the biased words, and it is projected away. Bias that is recovered no better is gone as far as projecting
a direction away goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Bools1d, Doubles1d, Floats2d
from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.most_biased import MAX_VOCABULARY, MostBiased, check_same_words, most_biased
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.random_state import untouched_random_state
from embedkit.statistics.intervals import wilson
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.projections import neutralized

MEANING = (
    "accuracy of a classifier that recovers the side of the most biased words, from 0 to 1: 0.5 is "
    "chance, higher is more residual bias, though much of any direction can be recovered"
)
PER_SIDE = 2500
TRAIN_SIZE = 0.2  # of the words of a side
RANDOM_DIRECTIONS = 5  # random directions that the bias is held against


def recovery_accuracy(
    original: Embeddings,
    debiased: Embeddings,
    direction: ArrayLike,
    *,
    per_side: int = PER_SIDE,
    train_size: float = TRAIN_SIZE,
    excluded: Iterable[str] = (),
    max_vocabulary: int = MAX_VOCABULARY,
    random_directions: int = RANDOM_DIRECTIONS,
    seed: int = 1,
) -> Measurement:
    """The accuracy with which the original side of words is recovered from their debiased vectors.

    Args:
        original: the space before debiasing.
        debiased: the space after it, or the original once more.
        direction: of the bias in the original space, (D,).
        per_side: words of a side; fewer where there are not so many.
        train_size: the share of them that the classifier learns; it is tested on the others.
        excluded: words that are biased by definition.
        max_vocabulary: words from the front of the vocabulary that are looked at.
        random_directions: how many random directions are projected out of the original space and recovered;
            none if the original stands for the debiased space.
        seed: random seed of the training words and the random directions.

    Returns:
        The interval is Wilson's, the p-value that of as many right by guessing. `details` has the accuracy
        for each of the "random directions".

    Raises:
        InputError: too few biased words, spaces of different words, or a share that leaves nothing to learn
            or to test.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(3000)
        >>> direction = vectors["she"] - vectors["he"]
        >>> debiased = embedkit.debias(vectors, "gender", "projection")
        >>> round(recovery_accuracy(vectors, debiased, direction, per_side=200, random_directions=1).value, 2)
        0.93
    """
    check_same_words(original, debiased)
    check_count("random_directions", random_directions)

    def biased_along(axis: ArrayLike) -> MostBiased:
        return most_biased(original, axis, per_side, excluded=excluded, max_vocabulary=max_vocabulary)

    def without(axis: Doubles1d) -> float:
        biased = biased_along(axis)
        unit = neutralized(original.take_unit(biased.ids), axis[None], np.arange(0))
        right, total = _recovered(unit, biased.positive, train_size, seed)
        return right / total

    biased = biased_along(direction)
    right, total = _recovered(debiased.take_unit(biased.ids), biased.positive, train_size, seed)
    low, high = wilson(right, total) or (None, None)
    others = _random_directions(0 if debiased is original else random_directions, original.vector_size, seed)
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
        details={
            "trained": len(biased.ids) - total,
            "tested": total,
            "random directions": [without(axis) for axis in others],
        },
    )


def chance_of_guessing(right: int, total: int) -> float:
    """The chance of at least `right` heads of `total` tosses of a coin: (2, 2) -> 0.25."""
    ways, exactly = 0, comb(total, right)
    for heads in range(right, total + 1):
        ways += exactly
        exactly = exactly * (total - heads) // (heads + 1)
    return float(Fraction(ways, 1 << total))


@untouched_random_state()
def _recovered(unit: Floats2d, positive: Bools1d, train_size: float, seed: int) -> tuple[int, int]:
    """Of how many rows (n, D) the classifier tells the side, and of how many it has not learned."""
    from sklearn.svm import SVC

    trained = _training_words(len(unit) // 2, train_size, seed)
    model = SVC(kernel="rbf").fit(unit[trained], positive[trained])
    right = int(np.count_nonzero(model.predict(unit[~trained]) == positive[~trained]))
    return right, int(np.count_nonzero(~trained))


def _random_directions(count: int, size: int, seed: int) -> Iterator[Doubles1d]:
    """Directions (`size`,) of length 1, each as likely as any other."""
    generator = np.random.default_rng(seed)
    for _ in range(count):
        axis = generator.standard_normal(size)
        yield axis / np.linalg.norm(axis)


def _training_words(per_side: int, share: float, seed: int) -> Bools1d:
    """Which of 2 `per_side` words are learned, (2 per_side,): the same number of either half, at random."""
    count = round(per_side * share) if 0 < share < 1 else 0
    if not 0 < count < per_side:
        raise InputError(
            f"expected a share that leaves words to learn and to test, got {share} of {per_side}"
        )
    generator = np.random.default_rng(seed)
    chosen = np.zeros((2, per_side), bool)
    chosen[:, :count] = True
    return generator.permuted(chosen, axis=1).ravel()

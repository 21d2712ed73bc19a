"""Stratified splits: a held-out fraction of each class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

from embedkit.arrays import Doubles1d, Longs1d
from embedkit.errors import InputError

STRATA = 10  # parts of the range of numbers, of each of which a part is held out
TEXTS_OF_STRATUM = 4  # at least, so that each has some to hold out


def stratified_split(classes: Sequence[Hashable], fraction: float, seed: int) -> tuple[Longs1d, Longs1d]:
    """The numbers of n texts in two parts, the second of them `fraction` of each class, up or down to a text.

    A class of a single text stays in the first part.

    Args:
        classes: of each text; of one with several labels, all of them together.
        fraction: more than 0 and at most 0.5.
        seed: the same seed gives the same parts.

    Raises:
        InputError: a fraction that is too large, or too small for any text to be held out.
    """
    check_fraction(fraction)
    generator = np.random.default_rng(seed)
    counts = Counter(classes)
    numbers = {label: number for number, label in enumerate(counts)}
    strata = np.array([numbers[label] for label in classes])
    shuffled = generator.permutation(len(classes))
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    several = np.array([count > 1 for count in counts.values()])
    order = order[several[strata[order]]]
    steps = np.floor((np.arange(len(order) + 1) + generator.random()) * fraction)
    held = np.sort(order[np.diff(steps) > 0])
    if not several.any() and len(classes) > 1:
        raise InputError(
            f"expected labels that several texts have, got one of its own for each of {len(classes)} texts, "
            f"such as {classes[0]!r:.40}; is that the column of labels?"
        )
    if len(order) == 0:
        raise InputError(f"expected several texts to hold out some of them, got {len(classes)}")
    if len(held) == 0:
        raise InputError(f"{fraction} of {len(classes)} texts is none; hold out more")
    return np.setdiff1d(np.arange(len(classes)), held), held


def quantile_strata(values: Doubles1d) -> Longs1d:
    """The part of the range of n numbers in which each is, (n,), for a stratified split; up to `STRATA`."""
    parts = max(1, min(STRATA, len(values) // TEXTS_OF_STRATUM))
    return np.searchsorted(np.quantile(values, np.arange(1, parts) / parts), values)


def check_fraction(fraction: float) -> None:
    """Raise `InputError` for a part that cannot be held out."""
    if not 0 < fraction <= 0.5:
        raise InputError(f"expected to hold out more than 0 and at most 0.5 of the texts, got {fraction}")

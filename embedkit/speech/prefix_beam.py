"""`prefix_beam_search`: the likeliest labels by CTC, and by a language model if there is one.

A prefix is what was spelled so far. It is reached by ways that end in a blank and by ways that end in its
last label, whose probabilities are kept apart (Hannun et al. 2014, algorithm 1): only behind a blank does
the same label spell itself anew.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.hyperparameters import check_count
from embedkit.speech.ctc import BLANK

Prefix = tuple[int, ...]
Scorer = Callable[[Prefix, int], float]  # labels, the next one -> its log probability
NEVER = -math.inf
UNLIKELY = -12.0  # log probability below which a label does not go on from a prefix


class DecodedPrefix(NamedTuple):
    """Labels and their score.

    Args:
        labels: their numbers, from 1.
        log_probability: by CTC, summed over all ways that were followed.
        score: with the language model, by which decodings are ranked.
    """

    labels: Prefix
    log_probability: float
    score: float


class Ways(NamedTuple):
    """The log probabilities of the ways to a prefix that end in a blank, and of those in its last label."""

    blank: float
    label: float

    @property
    def total(self) -> float:
        """Of all ways."""
        return log_sum(self.blank, self.label)


def prefix_beam_search(
    log_probabilities: Floats2d,
    *,
    width: int = 10,
    language_model: Scorer | None = None,
    ending: Callable[[Prefix], float] | None = None,
    weight: float = 0.5,
    bonus: float = 0.0,
) -> list[DecodedPrefix]:
    """The best prefixes, at most `width`, the best first.

    Args:
        log_probabilities: float32 (T, L), of the blank, 0, and the labels at each frame.
        width: how many prefixes are followed.
        language_model: gives the log probability of a label behind others; called once for each pair.
        ending: gives the log probability that nothing follows labels, which counts once all frames are read.
        weight: of these beside CTC's.
        bonus: added to the score of each label, as a language model prefers fewer.

    Raises:
        InputError: a width below 1.

    Example:
        >>> import numpy as np
        >>> from embedkit import prefix_beam_search
        >>> odds = np.log([[0.4, 0.35, 0.25], [0.4, 0.35, 0.25]])  # greedily: nothing but blanks
        >>> prefix_beam_search(odds)[0].labels
        (1,)
        >>> prefers_2 = lambda labels, label: np.log(0.9 if label == 2 else 0.1)
        >>> prefix_beam_search(odds, language_model=prefers_2, bonus=0.5)[0].labels
        (2,)
    """
    check_count("width", width)
    if not math.isfinite(weight) or not math.isfinite(bonus):
        raise InputError(f"expected weight and bonus as finite numbers, got {weight} and {bonus}")
    prior = Prior(language_model, weight, bonus)
    beam: dict[Prefix, Ways] = {(): Ways(0.0, NEVER)}
    for frame in np.asarray(log_probabilities, np.float64):
        likely = np.flatnonzero(frame > UNLIKELY)
        labels = [(int(label), float(frame[label])) for label in likely if label != BLANK]
        reached: dict[Prefix, Ways] = {}
        for prefix, ways in beam.items():
            for after, more in _followed(prefix, ways, float(frame[BLANK]), labels):
                before = reached.get(after, Ways(NEVER, NEVER))
                reached[after] = Ways(log_sum(before.blank, more.blank), log_sum(before.label, more.label))
        ranked = sorted(reached.items(), key=lambda item: -item[1].total - prior(item[0]))
        beam = dict(ranked[:width])
    found = [
        DecodedPrefix(
            prefix, ways.total, ways.total + prior(prefix) + (weight * ending(prefix) if ending else 0.0)
        )
        for prefix, ways in beam.items()
    ]
    return sorted(found, key=lambda one: -one.score)


class Prior:
    """What is added to the log probability of a prefix: a weighted language model's, and bonuses."""

    def __init__(self, language_model: Scorer | None, weight: float, bonus: float) -> None:
        self._model, self._weight, self._bonus = language_model, weight, bonus
        self._known: dict[Prefix, float] = {(): 0.0}

    def __call__(self, prefix: Prefix) -> float:
        """The sum over the labels of a prefix."""
        if prefix not in self._known:
            own = self._model(prefix[:-1], prefix[-1]) * self._weight if self._model else 0.0
            self._known[prefix] = self(prefix[:-1]) + own + self._bonus
        return self._known[prefix]


def _followed(
    prefix: Prefix, ways: Ways, blank: float, labels: list[tuple[int, float]]
) -> Iterator[tuple[Prefix, Ways]]:
    """The prefixes that a frame leads to from one."""
    last = prefix[-1] if prefix else BLANK
    yield prefix, Ways(ways.total + blank, NEVER)
    for label, own in labels:
        if label == last:
            yield prefix, Ways(NEVER, ways.label + own)
        if (before := ways.blank if label == last else ways.total) > NEVER:
            yield (*prefix, label), Ways(NEVER, before + own)


def log_sum(one: float, other: float) -> float:
    """log(exp(one) + exp(other)).

    Example:
        >>> import math
        >>> from embedkit.speech.prefix_beam import log_sum
        >>> round(math.exp(log_sum(math.log(0.25), math.log(0.5))), 9)
        0.75
    """
    high, low = max(one, other), min(one, other)
    return high if low == NEVER else high + math.log1p(math.exp(low - high))

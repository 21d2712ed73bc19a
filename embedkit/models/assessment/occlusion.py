"""Explanations by occlusion: how leaving out each word changes the log-odds.

Occlusion, or "representation erasure" (Li, Monroe and Jurafsky 2016, equation 1), here with the difference of
the log-odds, which add up where probabilities saturate. It needs nothing of a classifier but its answers, so
that it explains any. Words that only decide together are not found.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles2d
from embedkit.errors import InputError
from embedkit.models.inference.predictor import TextSequence

MAX_WORDS = 2000  # words of a text; each takes a text of its own to classify
MIN_PROBABILITY = 1e-12  # probabilities nearer to 0 or 1 count as this near


class Occlusion(NamedTuple):
    """A word of a text, where it stands there, and how much it adds to the log-odds of a label."""

    begin: int
    end: int
    effect: float


class Probabilities(Protocol):
    """A classifier that tells probabilities: an estimator, a predictor, or any other."""

    def predict_proba(self, X: TextSequence, /) -> Doubles2d:  # noqa: N803
        """The probability of each class, (n, K)."""


def occlusions(model: Probabilities, text: str, label: int) -> list[Occlusion]:
    """What each word of a text, a run of characters without white space, adds to the log-odds of a label.

    Args:
        model: a trained classifier.
        text: the text.
        label: the number of the label among the model's classes.

    Raises:
        InputError: a text of more than `MAX_WORDS` words.
    """
    words = [match.span() for match in re.finditer(r"\S+", text)]
    if len(words) > MAX_WORDS:
        raise InputError(
            f"expected at most {MAX_WORDS} words to explain, got {len(words):,}; give a part of it"
        )
    without = [type(text)(text[:begin] + text[end:]) for begin, end in words]
    odds = log_odds(model.predict_proba([text, *without])[:, label])
    return [
        Occlusion(begin, end, effect)
        for (begin, end), effect in zip(words, (odds[0] - odds[1:]).tolist(), strict=True)
    ]


def log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logarithm of p / (1 - p), finite."""
    inside = np.clip(probabilities, MIN_PROBABILITY, 1 - MIN_PROBABILITY)
    odds: NDArray[np.float64] = np.log(inside) - np.log1p(-inside)
    return odds

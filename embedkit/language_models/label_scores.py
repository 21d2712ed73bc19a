"""`LabelScores`: the log probability of a label behind others, as decoders of speech ask a language model."""

from __future__ import annotations

import warnings
from collections import OrderedDict
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.language_models.token_text import END, UNKNOWN
from embedkit.neural.beam_search import TokenStates

if TYPE_CHECKING:
    from embedkit.language_models.language_model import LanguageModel

KEPT = 10_000  # beginnings whose states are remembered
SHOWN = 10  # labels that a message names

Beginning = tuple[str, ...]
Reached = tuple[TokenStates, NDArray[np.float64]]  # states, and the log probabilities of what follows


class LabelScores:
    r"""Scores labels, which are words or characters, by those before them.

    Args:
        model: a language model of the same units.
        labels: all that will be asked for; those that the model does not know are its unknown token.
        units: whether labels are "words" or "characters".

    Raises:
        InputError: a model of other units, or one that knows none of the labels.

    Example:
        >>> import math
        >>> from embedkit import LabelScores, NgramLanguageModel, Texts
        >>> texts = Texts(["one nine eight four", "one nine six nine", "two zero one two"] * 9)
        >>> model = NgramLanguageModel(order=3, independent_lines=True).train(texts)
        >>> scores = LabelScores(model, ["one", "two", "nine", "zero"])
        >>> [round(math.exp(scores(["one"], label)), 1) for label in ("nine", "zero")]
        [0.9, 0.0]
    """

    def __init__(self, model: LanguageModel, labels: Sequence[str], units: str = "words") -> None:
        self._predictor = model.predictor
        if model.units.unit != units:
            raise InputError(
                f"expected a language model of {units}, as the labels are, got one of {model.units.unit}; "
                f"train one with --unit {units}"
            )
        texts = model.units.encode(labels)
        spans = zip(texts.offsets[:-1].tolist(), (texts.offsets[1:] - 1).tolist(), strict=True)
        tokens = [texts.ids[begin:end].tolist() for begin, end in spans]
        self._tokens: dict[str, list[int]] = dict(zip(labels, tokens, strict=True))
        self._known: OrderedDict[Beginning, Reached] = OrderedDict()
        if unknown := [label for label, own in self._tokens.items() if UNKNOWN in own]:
            self._tell_unknown(unknown, len(labels))

    def _tell_unknown(self, unknown: Sequence[str], labels: int) -> None:
        shown = ", ".join(map(repr, unknown[:SHOWN])) + (" ..." if len(unknown) > SHOWN else "")
        if len(unknown) == labels:
            raise InputError(
                f"expected a language model that knows what is recognized, got one that knows none of {shown}"
            )
        warnings.warn(f"the language model does not know {shown}, and finds it unlikely", stacklevel=3)

    def __call__(self, before: Sequence[str], label: str) -> float:
        r"""The natural logarithm of the probability of a label behind others; "\n" is the end of the line."""
        states, following = self._reached(tuple(before))
        tokens = [END] if label == "\n" else self._tokens[label]
        total = float(following[tokens[0]])
        for token, after in pairwise(tokens):
            states, following = self._step(states, token)
            total += float(following[after])
        return total

    def _reached(self, before: Beginning) -> Reached:
        """The states behind labels; those of the last `KEPT` beginnings are remembered."""
        missing = []
        reached = self._known.get(before)
        while reached is None and before:
            missing.append(before)
            before = before[:-1]
            reached = self._known.get(before)
        if reached is None:
            reached = self._known[before] = self._step(self._predictor.begin(1), END)
        for beginning in reversed(missing):
            for token in self._tokens[beginning[-1]]:
                reached = self._step(reached[0], token)
            self._known[beginning] = reached
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return reached

    def _step(self, states: TokenStates, token: int) -> Reached:
        logs, after = self._predictor.step(states, np.array([token], np.int64))
        return after, logs[0].astype(np.float64)

"""Texts that a language model makes: drawn token by token, or the likeliest by beam search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.hyperparameters import check_count
from embedkit.language_models.token_predictor import TokenPredictor
from embedkit.language_models.token_text import END, UNKNOWN
from embedkit.language_models.token_units import TokenUnits
from embedkit.neural.beam_search import BeamSearch, TokenStates
from embedkit.neural.sampling import Sampling

FIRST_BATCH, BATCH = 16, 256  # texts that are made together


@dataclass(frozen=True)
class Generator:
    """Makes texts.

    Args:
        predictor: gives the probabilities.
        units: the tokens.
    """

    predictor: TokenPredictor
    units: TokenUnits

    def sample(
        self, beginning: Ints1d, sampling: Sampling, longest: int, stop: str | None, seed: int
    ) -> Iterator[str]:
        """Any number of texts drawn token by token, the beginning included, see `LanguageModel.generate`."""
        first, size = 0, FIRST_BATCH
        while True:
            numbers = range(first, first + size)
            uniform = np.stack([np.random.default_rng([seed, number]).random(longest) for number in numbers])
            yield from self._drawn(beginning, sampling, uniform, stop)
            first, size = first + size, min(BATCH, 2 * size)

    def _drawn(
        self, beginning: Ints1d, sampling: Sampling, uniform: NDArray[np.float64], stop: str | None
    ) -> list[str]:
        """A text for each row of numbers from [0, 1), of which each token takes one."""
        states, last = self._begun(beginning, len(uniform))
        tokens: list[list[int]] = [beginning.tolist() for _ in uniform]
        texts = [""] * len(uniform)
        going = np.arange(len(uniform))
        for draws in uniform.T:
            logs, states = self.predictor.step(states, last)
            last = sampling.draw(_possible(logs), draws[going])
            goes_on = np.ones(len(going), np.bool_)
            for place, (number, token) in enumerate(zip(going.tolist(), last.tolist(), strict=True)):
                ended = token == END and stop is None
                if not ended:
                    tokens[number].append(token)
                goes_on[place] = not ended and not self._stops(tokens[number], len(beginning), stop)
            going, last = going[goes_on], last[goes_on]
            states = [state[goes_on] for state in states]
            if not len(going):
                break
        for number, own in enumerate(tokens):
            texts[number] = self._text(own, len(beginning), stop)
        return texts

    def _stops(self, tokens: Sequence[int], begun: int, stop: str | None) -> bool:
        return bool(stop) and str(stop) in self.units.decode(tokens[begun:][-len(str(stop)) - 1 :])

    def _text(self, tokens: list[int], begun: int, stop: str | None) -> str:
        """The text up to where it stops."""
        text = self.units.decode(tokens)
        if not stop:
            return text
        before = len(self.units.decode(tokens[:begun]))
        place = text.find(stop, before)
        return text if place < 0 else text[:place]

    def best(self, beginning: Ints1d, search: BeamSearch, longest: int) -> list[tuple[str, float]]:
        """The likeliest texts to the end of the line, and the logarithms of their probabilities."""
        check_count("length", longest)
        states, last = self._begun(beginning, 1)

        def step(states: TokenStates, tokens: Longs1d) -> tuple[NDArray[np.float64], TokenStates]:
            logs, states = self.predictor.step(states, tokens)
            return _possible(logs), states

        [found] = search.search(step, states, last, END, longest)
        return [(self.units.decode([*beginning.tolist(), *one.tokens]), one.log_probability) for one in found]

    def following(self, beginning: Ints1d) -> NDArray[np.float64]:
        """The probability of each token behind a beginning, float64 (V,)."""
        states, last = self._begun(beginning, 1)
        logs, _ = self.predictor.step(states, last)
        probabilities: NDArray[np.float64] = np.exp(logs[0].astype(np.float64))
        return probabilities

    def _begun(self, beginning: Ints1d, count: int) -> tuple[TokenStates, Longs1d]:
        """The states before the last token of a beginning, of `count` texts that begin so, and that token."""
        states, last = self.predictor.begin(1), np.array([END], np.int64)
        for token in beginning.tolist():
            _, states = self.predictor.step(states, last)
            last = np.array([token], np.int64)
        return [np.repeat(state, count, axis=0) for state in states], np.repeat(last, count)


def _possible(logs: NDArray[np.floating]) -> NDArray[np.float64]:
    """Log probabilities of tokens that may be written: any but the unknown one."""
    possible = np.array(logs, np.float64)
    possible[:, UNKNOWN] = -np.inf
    return possible

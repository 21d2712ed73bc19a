"""Texts that a language model makes: drawn token by token, or the likeliest by beam search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Longs1d
from embedkit.hyperparameters import check_count
from embedkit.language_models.token_predictor import TokenPredictor
from embedkit.language_models.token_text import END, UNKNOWN
from embedkit.language_models.token_units import TextBeginning, TokenUnits
from embedkit.neural.beam_search import BeamSearch, TokenStates
from embedkit.neural.sampling import Sampling
from embedkit.parallel.blas import one_blas_thread

FIRST_BATCH, BATCH = 16, 256  # texts that are made together


@dataclass(frozen=True)
class Generator:
    """Makes texts, by one thread of BLAS, as several wait for one another on matrices of this size.

    Args:
        predictor: gives the probabilities.
        units: the tokens.
    """

    predictor: TokenPredictor
    units: TokenUnits

    def sample(
        self, beginning: TextBeginning, sampling: Sampling, longest: int, stop: str | None, seed: int
    ) -> Iterator[str]:
        """Any number of texts drawn token by token, the beginning included, see `LanguageModel.generate`."""
        first, size = 0, FIRST_BATCH
        while True:
            numbers = range(first, first + size)
            uniform = np.stack([np.random.default_rng([seed, number]).random(longest) for number in numbers])
            with one_blas_thread():
                drawn = self._drawn(beginning, sampling, uniform, stop)
            for tokens in drawn:
                added = self.units.added(beginning, tokens)
                yield beginning.text + (added.partition(stop)[0] if stop else added)
            first, size = first + size, min(BATCH, 2 * size)

    def _drawn(
        self,
        beginning: TextBeginning,
        sampling: Sampling,
        uniform: NDArray[np.float64],
        stop: str | None,
    ) -> list[list[int]]:
        """The tokens behind a beginning, for each row of numbers from [0, 1), of which a token takes one."""
        states, last = self._begun(beginning, len(uniform))
        tokens: list[list[int]] = [[] for _ in uniform]
        going = np.arange(len(uniform))
        for draws in uniform.T:
            logs, states = self.predictor.step(states, last)
            last = sampling.draw(_possible(logs), draws[going])
            goes_on = np.ones(len(going), np.bool_)
            for place, (number, token) in enumerate(zip(going.tolist(), last.tolist(), strict=True)):
                ended = token == END and stop is None
                if not ended:
                    tokens[number].append(token)
                goes_on[place] = not ended and not self._stops(tokens[number], stop)
            going, last = going[goes_on], last[goes_on]
            states = [state[goes_on] for state in states]
            if not len(going):
                break
        return tokens

    def _stops(self, tokens: Sequence[int], stop: str | None) -> bool:
        return bool(stop) and str(stop) in self.units.decode(tokens[-len(str(stop)) - 1 :])

    def best(self, beginning: TextBeginning, search: BeamSearch, longest: int) -> list[tuple[str, float]]:
        """The likeliest texts to the end of the line, and the logarithms of their probabilities."""
        check_count("length", longest)

        def step(states: TokenStates, tokens: Longs1d) -> tuple[NDArray[np.float64], TokenStates]:
            logs, states = self.predictor.step(states, tokens)
            return _possible(logs), states

        with one_blas_thread():
            states, last = self._begun(beginning, 1)
            [found] = search.search(step, states, last, END, longest)
        texts = [beginning.text + self.units.added(beginning, one.tokens) for one in found]
        return list(zip(texts, (one.log_probability for one in found), strict=True))

    def following(self, beginning: TextBeginning) -> NDArray[np.float64]:
        """The probability of each token behind a beginning, float64 (V,)."""
        with one_blas_thread():
            states, last = self._begun(beginning, 1)
            logs, _ = self.predictor.step(states, last)
        probabilities: NDArray[np.float64] = np.exp(logs[0].astype(np.float64))
        return probabilities

    def _begun(self, beginning: TextBeginning, count: int) -> tuple[TokenStates, Longs1d]:
        """The states before the last token of a beginning, of `count` texts that begin so, and that token."""
        states, last = self.predictor.begin(1), np.array([END], np.int64)
        for token in beginning.ids.tolist():
            _, states = self.predictor.step(states, last)
            last = np.array([token], np.int64)
        return [np.repeat(state, count, axis=0) for state in states], np.repeat(last, count)


def _possible(logs: NDArray[np.floating]) -> NDArray[np.float64]:
    """Log probabilities of tokens that may be written: any but the unknown one."""
    possible = np.array(logs, np.float64)
    possible[:, UNKNOWN] = -np.inf
    return possible

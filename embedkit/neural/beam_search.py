"""`beam_search`: the sequences that a model finds likeliest, for any model that goes token by token.

The model is a function that takes the states and the last tokens of hypotheses, and gives the log
probabilities of all tokens that may follow, and the states behind them. Hypotheses are scored by
log P / length^alpha (alpha 0: the probability itself; 1: its mean a token), as long ones would lose
otherwise. A search ends when as many hypotheses have ended as are followed, or none that goes on can become
one of the best. Width 1 is greedy search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d, Longs1d, Longs2d
from embedkit.hyperparameters import check, hyperparameter

TokenStates = Sequence[NDArray[Any]]  # of k hypotheses: arrays whose first axis is theirs
BeamStep = Callable[[TokenStates, Longs1d], tuple[NDArray[np.floating[Any]], TokenStates]]
EndPenalty = Callable[[TokenStates], Doubles1d]
MAX_WIDTH = 10_000


@dataclass(frozen=True)
class Hypothesis:
    """A sequence that was found.

    Args:
        tokens: without the first and the end.
        log_probability: the natural logarithm, the end included.
        score: by which hypotheses are ranked.
        ended: whether it came to its end, and was not cut off.
    """

    tokens: tuple[int, ...]
    log_probability: float
    score: float
    ended: bool


@dataclass(frozen=True, kw_only=True)
class BeamSearch:
    """How sequences are searched for.

    Args:
        width: how many hypotheses are followed at once.
        length_normalization: alpha above.
        n_best: how many are returned of each search.
        penalty: added to the score of each hypothesis that ends, given the states behind its last token;
            at most 0, such as for words of a source that no attention was paid to.
    """

    width: int = hyperparameter(5, "hypotheses that are followed at once", minimum=1, maximum=MAX_WIDTH)
    length_normalization: float = hyperparameter(
        0.7,
        "divide log probabilities by the length to this power, so that long sequences do not lose",
        minimum=0,
        maximum=1,
    )
    n_best: int = hyperparameter(1, "sequences to return, the best first", minimum=1, maximum=MAX_WIDTH)
    penalty: EndPenalty | None = None

    def __post_init__(self) -> None:
        check(self)

    def search(
        self, step: BeamStep, states: TokenStates, first: Sequence[int] | Longs1d, end: int, longest: int
    ) -> list[list[Hypothesis]]:
        """The best sequences for each of n beginnings, at most `n_best` each, the best first.

        Args:
            step: see above; its log probabilities are (k, V), float32 or float64.
            states: n of them, one for each beginning.
            first: the n tokens that sequences begin with, which are not returned.
            end: the token that ends a sequence.
            longest: the number of tokens after which a hypothesis is cut off, the end included.

        Example:
            >>> import numpy as np
            >>> from embedkit.neural.beam_search import BeamSearch
            >>> odds = np.log([[0.01, 0.6, 0.39], [0.4, 0.3, 0.3], [0.98, 0.01, 0.01]])
            >>> search = BeamSearch(width=2, length_normalization=0)
            >>> [[best]] = search.search(lambda states, tokens: (odds[tokens], states), [], [0], 0, 9)
            >>> best.tokens, round(float(np.exp(best.log_probability)), 4)  # greedy finds (1,), 0.24
            ((2,), 0.3822)
        """
        run = _Run(self, step, end, longest, len(first))
        run.begin(states, np.asarray(first, np.int64))
        for _ in range(longest):
            if not len(run.open):
                break
            run.advance()
        return run.results()

    def score(self, log_probability: Any, length: int) -> Any:
        """The score of a log probability, or of several, of sequences of this length."""
        return log_probability / max(1, length) ** self.length_normalization


class _Run:
    """One search for n beginnings at once; those that are done leave the arrays."""

    def __init__(self, settings: BeamSearch, step: BeamStep, end: int, longest: int, count: int) -> None:
        self.settings, self.step, self.end, self.longest = settings, step, end, longest
        self.width = max(settings.width, settings.n_best)
        self.found: list[list[Hypothesis]] = [[] for _ in range(count)]

    def begin(self, states: TokenStates, first: Longs1d) -> None:
        """Follow each beginning once: its other places are impossible."""
        rows = np.repeat(np.arange(len(first)), self.width)
        self.states: TokenStates = [np.asarray(state)[rows] for state in states]
        self.open = np.arange(len(first))  # the searches that go on
        self.last: Longs1d = first[rows]
        self.tokens: Longs2d = np.zeros((len(rows), 0), np.int64)
        self.totals: Doubles2d = np.full((len(first), self.width), -np.inf)
        self.totals[:, 0] = 0

    def advance(self) -> None:
        """Follow each hypothesis by one token."""
        log_probabilities, states = self.step(self.states, self.last)
        size, count, width = log_probabilities.shape[1], len(self.open), self.width
        sums = self.totals.reshape(-1, 1) + log_probabilities
        sums = sums.reshape(count, width * size)
        kept = min(2 * width, sums.shape[1])  # enough, as at most `width` of them end
        best = np.argpartition(-sums, kept - 1, axis=1)[:, :kept] if kept < sums.shape[1] else None
        best = np.tile(np.arange(kept), (count, 1)) if best is None else np.sort(best, axis=1)
        scores = np.take_along_axis(sums, best, axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")
        best, scores = np.take_along_axis(best, order, axis=1), np.take_along_axis(scores, order, axis=1)
        rows = best // size + (np.arange(count) * width)[:, None]  # of the hypotheses that are followed
        tokens = best % size
        ended = tokens == self.end
        self._collect(states, rows, scores, ended)
        self._go_on(states, rows, tokens, np.where(ended, -np.inf, scores))

    def _collect(
        self, states: TokenStates, rows: Longs2d, scores: Doubles2d, ended: NDArray[np.bool_]
    ) -> None:
        """Keep the hypotheses that end here, if they are among the best of their search."""
        at, place = np.nonzero(ended[:, : self.width] & np.isfinite(scores[:, : self.width]))
        if not len(at):
            return
        behind = rows[at, place]
        totals = scores[at, place]
        final = self.settings.score(totals, self.tokens.shape[1] + 1)
        if self.settings.penalty:
            final = final + self.settings.penalty([state[behind] for state in states])
        for search, row, total, score in zip(
            self.open[at], behind, totals.tolist(), final.tolist(), strict=True
        ):
            self.found[search].append(Hypothesis(tuple(self.tokens[row].tolist()), total, score, True))

    def _go_on(self, states: TokenStates, rows: Longs2d, tokens: Longs2d, scores: Doubles2d) -> None:
        """Follow the best that have not ended, of searches in which they may still win."""
        order = np.argsort(-scores, axis=1, kind="stable")[:, : self.width]
        totals = np.take_along_axis(scores, order, axis=1)
        going = np.array(
            [
                np.isfinite(top) and not self._decided(self.found[search], float(top))
                for search, top in zip(self.open, totals[:, 0], strict=True)
            ],
            np.bool_,
        )
        kept = np.take_along_axis(rows, order, axis=1)[going].ravel()
        self.last = np.take_along_axis(tokens, order, axis=1)[going].ravel()
        self.tokens = np.concatenate([self.tokens[kept], self.last[:, None]], axis=1)
        self.states = [state[kept] for state in states]
        self.open, self.totals = self.open[going], totals[going]

    def _decided(self, found: list[Hypothesis], top: float) -> bool:
        """Whether the search is over, given the log probability of the best hypothesis that goes on."""
        if len(found) >= self.width:
            return True
        if len(found) < self.settings.n_best:
            return False
        scores = sorted((hypothesis.score for hypothesis in found), reverse=True)
        return bool(self.settings.score(top, self.longest) <= scores[self.settings.n_best - 1])

    def results(self) -> list[list[Hypothesis]]:
        """The best of each search; where too few ended, also what was cut off."""
        tokens = self.tokens.reshape(len(self.open), self.width, self.tokens.shape[1])
        for search, own, totals in zip(self.open, tokens, self.totals, strict=True):
            for row, total in zip(own, totals.tolist(), strict=True):
                if np.isfinite(total):
                    score = self.settings.score(total, len(row))
                    self.found[search].append(Hypothesis(tuple(row.tolist()), total, score, False))
        ranked = [sorted(own, key=lambda one: (not one.ended, -one.score)) for own in self.found]
        return [own[: self.settings.n_best] for own in ranked]

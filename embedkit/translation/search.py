"""`TranslationSearch`: beam search for targets, with the penalties of Wu et al. (2016)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Doubles1d, FloatArray, Longs1d
from embedkit.hyperparameters import check, hyperparameter
from embedkit.neural.beam_search import BeamSearch, EndPenalty, Hypothesis, TokenStates
from embedkit.translation.network import Memory, Seq2SeqNetwork
from embedkit.translation.token_sets import BEGIN, END, UNKNOWN

MAX_WIDTH = 1000
SHORTEST = 10  # tokens that a target may have, however short its source


@dataclass(frozen=True, kw_only=True)
class TranslationSearch:
    """How targets are searched for; hypotheses are ranked by log P / length^a + coverage.

    Example:
        >>> from embedkit import TranslationSearch
        >>> TranslationSearch(beam=1).n_best
        1
    """

    beam: int = hyperparameter(
        5, "hypotheses that are followed at once; 1 is greedy search", minimum=1, maximum=MAX_WIDTH
    )
    n_best: int = hyperparameter(1, "answers for each text, the best first", minimum=1, maximum=MAX_WIDTH)
    length_normalization: float = hyperparameter(
        0.8,
        "divide log probabilities by the length to this power, so that long answers do not lose",
        minimum=0,
        maximum=1,
    )
    coverage: float = hyperparameter(
        0.0,
        "weight of the coverage penalty: source tokens that attention passed over count against an answer "
        "(Wu et al. 2016, equation 14)",
        minimum=0,
        maximum=100,
    )
    copy_unknown: bool = hyperparameter(False, "let answers have unknown tokens, to copy words of the source")
    length_ratio: float = hyperparameter(
        2.0, "longest answers, in tokens by those of the source (and 10 more)", above=0, maximum=1000
    )

    def __post_init__(self) -> None:
        check(self)

    def search(self, network: Seq2SeqNetwork, memory: Memory) -> list[list[Hypothesis]]:
        """The best targets for n sources, at most `n_best` for each, the best first."""
        lengths = memory.mask.sum(axis=1)
        longest = (self.length_ratio * lengths).astype(np.int64) + SHORTEST
        width = max(self.beam, self.n_best)
        numbers = np.arange(len(lengths))
        covered = np.zeros(memory.mask.shape, memory.keys.dtype)
        beam = BeamSearch(
            width=self.beam,
            n_best=self.n_best,
            length_normalization=self.length_normalization,
            penalty=self._penalty(memory) if self.coverage else None,
        )

        def step(states: TokenStates, last: Longs1d) -> tuple[FloatArray, TokenStates]:
            *recurrent, sums, said, sources = states
            found, after, attention = network.step(last, recurrent, _of(memory, sources[::width]), width)
            found[:, BEGIN] = -np.inf
            if not self.copy_unknown:
                found[:, UNKNOWN] = -np.inf
            found[said + 1 >= longest[sources], END + 1 :] = -np.inf
            return found, [*after, sums + attention, said + 1, sources]

        first = np.full(len(lengths), BEGIN)
        states = [*memory.states, covered, np.zeros_like(numbers), numbers]
        return beam.search(step, states, first, END, int(longest.max()))

    def _penalty(self, memory: Memory) -> EndPenalty:
        def penalty(states: TokenStates) -> Doubles1d:
            sums, _, sources = states[-3:]
            passed_over = np.log(np.clip(sums, 1e-9, 1)) * memory.mask[sources]
            sums_of_logs: Doubles1d = passed_over.sum(axis=1, dtype=np.float64)
            return self.coverage * sums_of_logs

        return penalty

    def score(self, log_probability: float, length: int) -> float:
        """What a target of so many tokens, the end included, is ranked by, coverage aside."""
        return float(log_probability / max(1, length) ** self.length_normalization)


def _of(memory: Memory, sources: Longs1d) -> Memory:
    """What is known of some of the sources."""
    if len(sources) == len(memory.keys):
        return memory
    return Memory(memory.keys[sources], memory.prepared[sources], memory.mask[sources], memory.states)

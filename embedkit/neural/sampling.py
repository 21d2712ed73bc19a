"""`Sampling`: which token comes next, drawn from probabilities by temperature, top-k and top-p.

A temperature T makes p^(1/T) of probabilities p: below 1 the likely become likelier, and 0 takes the
likeliest. Top-k keeps the k likeliest tokens (Fan et al. 2018), top-p the fewest whose probabilities reach p
together (nucleus sampling, Holtzman et al. 2020). All that are as likely as the last one kept are kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Longs1d
from embedkit.hyperparameters import check, hyperparameter

MAX_TEMPERATURE = 100


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How tokens are drawn.

    Raises:
        InputError: a value of a wrong type or out of range.

    Example:
        >>> import numpy as np
        >>> from embedkit import Sampling
        >>> scores = np.log([[0.5, 0.3, 0.2]])
        >>> Sampling(top_k=2).probabilities(scores).round(3).tolist()
        [[0.625, 0.375, 0.0]]
        >>> Sampling(temperature=0).probabilities(scores).tolist()
        [[1.0, 0.0, 0.0]]
    """

    temperature: float = hyperparameter(
        1.0,
        "draw likely tokens more often (below 1) or less often (above 1) than the model says; 0 takes the "
        "likeliest",
        minimum=0,
        maximum=MAX_TEMPERATURE,
    )
    top_k: int | None = hyperparameter(None, "draw from so many of the likeliest tokens", minimum=1)
    top_p: float = hyperparameter(
        1.0, "draw from the fewest tokens whose probabilities together reach this", above=0, maximum=1
    )

    def __post_init__(self) -> None:
        check(self)

    def probabilities(self, log_probabilities: Doubles2d) -> Doubles2d:
        """The probabilities by which tokens are drawn, float64 (n, V), each row with the sum 1.

        Args:
            log_probabilities: natural logarithms (n, V), of any sum; -inf for tokens that cannot be.
        """
        scores: Doubles2d = np.asarray(log_probabilities, np.float64)
        if self.temperature == 0:
            best = np.zeros(scores.shape)
            best[np.arange(len(best)), scores.argmax(axis=1)] = 1
            return best
        with np.errstate(over="ignore"):  # of temperatures near 0: what is less likely gets nothing
            kept = _softmax((scores - scores.max(axis=1, keepdims=True)) / self.temperature)
        if self.top_k is not None and self.top_k < kept.shape[1]:
            last = np.partition(kept, -self.top_k, axis=1)[:, -self.top_k]
            kept = np.where(kept < last[:, None], 0, kept)
            kept /= kept.sum(axis=1, keepdims=True)
        if self.top_p < 1:
            falling = -np.sort(-kept, axis=1)
            before = np.cumsum(falling, axis=1) - falling
            last = np.where(before < self.top_p, falling, np.inf).min(axis=1)
            kept = np.where(kept < last[:, None], 0, kept)
            kept /= kept.sum(axis=1, keepdims=True)
        return kept

    def draw(self, log_probabilities: Doubles2d, uniform: Doubles1d) -> Longs1d:
        """A token of each row, int64 (n,), by a number from [0, 1) for each."""
        sums = np.cumsum(self.probabilities(log_probabilities), axis=1)
        below = sums <= (uniform * sums[:, -1])[:, None]
        drawn: Longs1d = below.sum(axis=1)
        return drawn


def _softmax(scores: Doubles2d) -> Doubles2d:
    powers = np.exp(scores)
    softmax: Doubles2d = powers / powers.sum(axis=1, keepdims=True)
    return softmax

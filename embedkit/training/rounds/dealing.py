"""`DealtNoise`: noise words of a round, of which the rare ones are dealt to its workers.

A worker that draws noise from all words changes most rows of a large vocabulary once or twice in a round, and
so do the others. So rare words are dealt: each is drawn as noise by one worker alone, as many times more
often as there are workers, and by another one in the next round. In the mean every word is drawn as often,
in the company of others; but most rows are changed by one worker, in place, and there is little to merge.
What is a target more often goes on being drawn by all, since its row is to learn from both in each piece.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d
from embedkit.training.word2vec.sampling import alias_table

SELDOM = 1.0  # targets of a piece, as which a word is expected: those with less are dealt
MOST = 0.5  # of all noise: with more of it dealt, small corpora make worse vectors


class NoiseShare(NamedTuple):
    """Which words a worker draws as noise: those before `first`, and of the others each `step`-th.

    Number n of its table stands for word n or, from `first` on, first + (n - first) * step + offset.
    """

    first: int
    step: int
    offset: int


class DealtNoise:
    """The noise that each worker of a round draws.

    Args:
        probability: of each word to be drawn as noise, (V,).
        targets: how often each is expected to be a target in a piece, descending, (V,).
        workers: of a round.

    Attributes:
        first: the number of the first word that is dealt.

    Example:
        >>> from embedkit.training.rounds.dealing import DealtNoise
        >>> probability, targets = np.array([0.5, 0.2, 0.1, 0.1, 0.1]), np.array([3, 0.1, 0.1, 0, 0])
        >>> noise = DealtNoise(probability, targets, workers=2)
        >>> for worker in range(2):  # of the first round: words 0, 1, 3, and words 0, 2, 4
        ...     table, share = noise.share(worker, 0)
        ...     print(len(table), share)
        3 NoiseShare(first=1, step=2, offset=0)
        3 NoiseShare(first=1, step=2, offset=1)
    """

    def __init__(self, probability: Doubles1d, targets: Doubles1d, workers: int) -> None:
        shared = int(np.searchsorted(np.cumsum(probability), 1 - MOST)) + 1
        first = max(shared, int(np.count_nonzero(targets >= SELDOM)))
        self.first = first if len(probability) - first >= workers else len(probability)
        self._workers = workers
        self._tables: list[NDArray[np.uint32]] = []
        for offset in range(workers):
            dealt = workers * probability[self.first + offset :: workers]
            own = np.concatenate([probability[: self.first], dealt])
            self._tables.append(alias_table(own / own.sum()))

    def share(self, worker: int, number: int) -> tuple[NDArray[np.uint32], NoiseShare]:
        """The alias table of a worker in round `number`, and which words it is of."""
        offset = (worker + number) % self._workers
        return self._tables[offset], NoiseShare(self.first, self._workers, offset)

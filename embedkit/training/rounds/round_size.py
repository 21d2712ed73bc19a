"""`RoundSize`: how many workers a round has, and how many words each trains on."""

from __future__ import annotations

from typing import NamedTuple

WORKERS = 4
MAX_WORDS = 1 << 16  # of a worker
MIN_ROUND = 1 << 12  # words of all workers
ROUNDS = 128  # of an epoch at least, where that leaves a round `MIN_ROUND`


class RoundSize(NamedTuple):
    """A round: so many workers, each of which trains on so many words of the corpus."""

    workers: int
    words: int

    @classmethod
    def for_corpus(cls, words: int, workers: int | None = None) -> RoundSize:
        """The round that suits a corpus of so many words.

        Example:
            >>> from embedkit.training.rounds.round_size import RoundSize
            >>> RoundSize.for_corpus(1_000_000)
            RoundSize(workers=4, words=1953)
        """
        workers = workers or WORKERS
        each = max(words // ROUNDS, MIN_ROUND) // workers
        return cls(workers, min(MAX_WORDS, each))

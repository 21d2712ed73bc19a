"""`RoundSize`: how many workers a round has, and how many words each trains on."""

from __future__ import annotations

from typing import NamedTuple

WORKERS = 4
MAX_WORDS, MIN_WORDS = 1 << 16, 1 << 10
ROUNDS = 64  # of an epoch at least, where that leaves each worker `MIN_WORDS`


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
            RoundSize(workers=4, words=3906)
        """
        workers = workers or WORKERS
        each = words // (ROUNDS * workers)
        return cls(workers, min(MAX_WORDS, max(MIN_WORDS, each)))

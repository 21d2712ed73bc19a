"""`RoundSize`: how many workers a round has, and how many words each trains on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from embedkit.errors import InputError

Parameters = TypeVar("Parameters", bound=Any)

WORKERS = 4
MIN_ROUND = 1 << 12  # words of all workers
MAX_ROUND = 1 << 17  # words of all workers: larger rounds, where all begin with the same, cost accuracy
MAX_ROUND_WORDS = 1 << 24  # of a worker, that may be asked for: more leaves rounds too few
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
        return cls(workers, min(max(words // ROUNDS, MIN_ROUND), MAX_ROUND) // workers)


def check_rounds(parameters: Any) -> None:
    """Raise `InputError` for groups of unequal size, or rounds of parameters that are not `deterministic`."""
    for name in ("round_workers", "round_groups", "round_words"):
        if getattr(parameters, name) is not None and not parameters.deterministic:
            raise InputError(f"{name} needs deterministic training, which works in rounds: set deterministic")
    workers, groups = parameters.round_workers or WORKERS, parameters.round_groups or 1
    if workers % groups:
        raise InputError(f"round_groups must divide round_workers, which is {workers}, got {groups}")


def settled_rounds(parameters: Parameters, words: int) -> Parameters:
    """The parameters with the size of a round told, as it suits a corpus of so many words."""
    if not parameters.deterministic:
        return parameters
    chosen = RoundSize.for_corpus(words, parameters.round_workers)
    told: Parameters = replace(
        parameters, round_workers=chosen.workers, round_words=parameters.round_words or chosen.words
    )
    return told

"""`Decoder`: the labels of a recording, piece by piece, greedily or by beam search with a language model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from embedkit.arrays import Floats2d
from embedkit.speech.ctc import Spoken, aligned, greedy
from embedkit.speech.prefix_beam import Prefix, prefix_beam_search

BEAM = 10  # prefixes that are followed with a language model
CONTEXT = 100  # labels of earlier pieces that a language model is told
END = "\n"  # what a language model is asked for behind the last label
LabelModel = Callable[[Sequence[str], str], float]  # labels, the next one or `END` -> its log probability
T = TypeVar("T")


@dataclass
class Decoder:
    """Decodes the pieces of one recording in order.

    Args:
        labels: how they are written; the first has the number 1.
        beam: prefixes that are followed at once; None for 1, which decodes greedily, or `BEAM` with a
            language model.
        language_model: gives log probabilities of labels behind others, if there is one.
        weight: of these.
        bonus: added to the score of each label.
    """

    labels: Sequence[str]
    beam: int | None = None
    language_model: LabelModel | None = None
    weight: float = 0.5
    bonus: float = 0.0
    _before: list[str] = field(default_factory=list, init=False)

    def __call__(self, log_probabilities: Floats2d, last: bool) -> list[Spoken]:
        """The labels of a piece.

        Args:
            log_probabilities: float32 (T, L), of the blank and the labels.
            last: whether no piece follows.
        """
        model = self.language_model
        width = (BEAM if model else 1) if self.beam is None else self.beam
        if width == 1 and model is None:
            return greedy(log_probabilities)
        best = prefix_beam_search(
            log_probabilities,
            width=width,
            language_model=None if model is None else self._scored,
            ending=self._ended if model and last else None,
            weight=self.weight,
            bonus=self.bonus,
        )[0].labels
        self._before = (self._before + self._names(best))[-CONTEXT:]
        return aligned(log_probabilities, best)

    def _scored(self, before: Prefix, label: int) -> float:
        assert self.language_model  # noqa: S101 - only then it is asked
        return self.language_model(self._before + self._names(before), self.labels[label - 1])

    def _ended(self, prefix: Prefix) -> float:
        assert self.language_model  # noqa: S101 - only then it is asked
        return self.language_model(self._before + self._names(prefix), END)

    def _names(self, numbers: Prefix) -> list[str]:
        return [self.labels[number - 1] for number in numbers]


def with_last(items: Iterable[T]) -> Iterator[tuple[T, bool]]:
    """Items, and whether each is the last.

    Example:
        >>> from embedkit.speech.decoding import with_last
        >>> list(with_last("ab"))
        [('a', False), ('b', True)]
    """
    walk = iter(items)
    try:
        item = next(walk)
    except StopIteration:
        return
    for following in walk:
        yield item, False
        item = following
    yield item, True

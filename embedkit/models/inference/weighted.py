"""`WeightedPredictor`: the weighted sum of the scores of several predictors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.container.packed_words import unpack_words
from embedkit.errors import FormatError
from embedkit.models.files.state import ModelState
from embedkit.models.inference.predictor import Predictor, Scored
from embedkit.models.targets import Targets

WORDS = "words"  # the tensor of a part's words, if they are not those of the whole


class WeightedPart(NamedTuple):
    """A predictor, and the weight of its scores in the sum."""

    weight: float
    predictor: Predictor


class WeightedPredictor(Predictor):
    """The base of predictors that are made of others.

    Args:
        targets: the classes, those of all parts.
        parts: one or more.
    """

    part_classes: ClassVar[Mapping[str, type[Predictor]]]  # of the parts that there may be, by kind

    def __init__(self, targets: Targets, parts: Sequence[WeightedPart]) -> None:
        first = parts[0].predictor
        super().__init__(targets, first.tokenizer, first.words)
        self.parts = parts

    @classmethod
    def from_state(cls, state: ModelState) -> Self:
        """The predictor of a file with parts."""
        return cls(state.targets, cls.parts_in(state))

    @classmethod
    def parts_in(cls, state: ModelState) -> list[WeightedPart]:
        """The parts in a file."""
        return [
            WeightedPart(weight, cls.part_classes[part.kind].from_state(part))
            for weight, part in part_states(state, tuple(cls.part_classes))
        ]

    @property
    def reads_characters(self) -> bool:
        """Whether a part reads them."""
        return any(part.predictor.reads_characters for part in self.parts)

    def score_texts(self, texts: list[str]) -> Scored:
        """The weighted sums of the parts' scores, and the least share of words that a part does not know."""
        scores, unknown = zip(*(part.predictor.score_texts(texts) for part in self.parts), strict=True)
        weighted = [part.weight * own for part, own in zip(self.parts, scores, strict=True)]
        return np.sum(weighted, axis=0), np.min(unknown, axis=0)

    def unknown_words(self, texts: list[str]) -> Doubles1d:
        """Of each text the least share of words that a part does not know (n,)."""
        shares: Doubles1d = np.min([part.predictor.unknown_words(texts) for part in self.parts], axis=0)
        return shares


def part_states(state: ModelState, kinds: Sequence[str]) -> Iterator[tuple[float, ModelState]]:
    """The weight and the state of each part in a file; `FormatError` for none, or for one of other kinds."""
    if not state.facts["parts"]:
        raise FormatError("expected parts, got none")
    for number, facts in enumerate(state.facts["parts"]):
        if facts["kind"] not in kinds:
            raise FormatError(f"expected parts of the kinds {', '.join(kinds)}, got {facts['kind']!r}")
        begin = f"{number}/"
        tensors: dict[str, Any] = {
            name.removeprefix(begin): tensor
            for name, tensor in state.tensors.items()
            if name.startswith(begin)
        }
        words = tensors.pop(WORDS, None)
        yield (
            float(facts["weight"]),
            replace(
                state,
                tensors=tensors,
                words=state.words if words is None else unpack_words(words, Path(begin)),
                **{name: facts[name] for name in ("kind", "parameters", "tokenizer", "facts")},
            ),
        )

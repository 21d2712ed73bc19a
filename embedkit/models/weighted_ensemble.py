"""`WeightedEnsemble`: the base of classifiers that sum the weighted scores of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeVar

from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.container.packed_words import pack_words
from embedkit.models.estimator import TextEstimator
from embedkit.models.files.state import ModelState
from embedkit.models.inference.weighted import WORDS, WeightedPart, WeightedPredictor, part_states
from embedkit.models.networks.classifier import TextClassifier
from embedkit.models.networks.history import Epoch

W = TypeVar("W", bound=WeightedPredictor)


class Part(NamedTuple):
    """A fitted classifier, and the weight of its scores in the sum."""

    weight: float
    model: TextEstimator[Any]


class WeightedEnsemble(TextEstimator[W]):
    """The base of classifiers that are made of others, `parts_`, each of which reads texts its own way."""

    part_estimators: ClassVar[Mapping[str, type[TextEstimator[Any]]]]  # of the parts there may be, by kind
    parts_: list[Part]

    @property
    def history_(self) -> list[Epoch]:
        """How the network among the parts learned; empty if there is none."""
        check_is_fitted(self)
        return next(
            (part.model.history_ for part in self.parts_ if isinstance(part.model, TextClassifier)), []
        )

    @classmethod
    def _parts_in(cls, state: ModelState) -> list[Part]:
        """The parts in a file."""
        return [
            Part(weight, cls.part_estimators[part.kind].from_state(part))
            for weight, part in part_states(state, tuple(cls.part_estimators))
        ]

    def _state_with_parts(self, parameters: Mapping[str, Any], facts: Mapping[str, Any]) -> ModelState:
        """What a file keeps of a classifier, with that of its parts."""
        words = list(self.words_)
        tensors: dict[str, NDArray[Any]] = {}
        told = []
        for number, (weight, model) in enumerate(self.parts_):
            part = model.state()
            own = dict(part.tensors)
            if list(part.words) != words:
                own[WORDS] = pack_words(part.words)
            tensors |= {f"{number}/{name}": tensor for name, tensor in own.items()}
            told.append(
                {
                    "kind": part.kind,
                    "weight": weight,
                    "parameters": dict(part.parameters),
                    "tokenizer": dict(part.tokenizer),
                    "facts": dict(part.facts),
                }
            )
        return ModelState(
            kind=self.kind,
            parameters=parameters,
            targets=self.targets_,
            tokenizer=self.tokenizer_.recipe(),
            words=words,
            tensors=tensors,
            facts={**facts, "parts": told},
        )


def predictors_of(parts: Sequence[Part]) -> list[WeightedPart]:
    """What the parts predict with."""
    return [WeightedPart(weight, model.predictor_) for weight, model in parts]

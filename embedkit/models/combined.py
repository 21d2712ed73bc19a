"""Classifiers made of classifiers: their weighted scores are added up, and one file keeps them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.errors import FormatError
from embedkit.models.estimator import TextEstimator
from embedkit.models.files.loading import revive
from embedkit.models.files.state import Saved
from embedkit.models.networks.classifier import TextClassifier
from embedkit.models.networks.trainer import Epoch

WORDS = "words"  # the tensor of a part's words, if they are not those of the whole
Floats = NDArray[np.float64]


class Part(NamedTuple):
    """A fitted classifier, and the weight of its scores in the sum."""

    weight: float
    model: TextEstimator


class PartedEstimator(TextEstimator):
    """The base of classifiers that are made of others, `parts_`, each of which reads texts its own way."""

    parts_: list[Part]

    @property
    def history_(self) -> list[Epoch]:
        """How the network among the parts learnt; empty if there is none."""
        check_is_fitted(self, "targets_")
        return next(
            (part.model.history_ for part in self.parts_ if isinstance(part.model, TextClassifier)), []
        )

    def _scored(self, texts: list[str]) -> tuple[Floats, Floats]:
        """The weighted sums of the parts' scores, and the least share of words that one does not know."""
        scores, unknown = zip(*(part.model._scored(texts) for part in self.parts_), strict=True)
        weighted = [part.weight * own for part, own in zip(self.parts_, scores, strict=True)]
        total: Floats = np.sum(weighted, axis=0)
        return total, np.min(unknown, axis=0)

    def _unknown(self, texts: list[str]) -> Floats:
        shares: Floats = np.min([part.model._unknown(texts) for part in self.parts_], axis=0)
        return shares


def saved_parts(parts: Sequence[Part], whole: Saved) -> Saved:
    """What a file keeps of a classifier, with that of its parts; `whole` says what is of all."""
    tensors, told = dict(whole.tensors), []
    for number, (weight, model) in enumerate(parts):
        saved = model._saved()
        own = dict(saved.tensors)
        if list(saved.words) != list(whole.words):
            own[WORDS] = pack_words(saved.words)
        tensors |= {f"{number}/{name}": tensor for name, tensor in own.items()}
        told.append(
            {
                "kind": saved.kind,
                "weight": weight,
                "parameters": dict(saved.parameters),
                "tokenizer": dict(saved.tokenizer),
                "facts": dict(saved.facts),
            }
        )
    return replace(whole, tensors=tensors, facts={**whole.facts, "parts": told})


def parts_of(saved: Saved, kinds: Sequence[str]) -> list[Part]:
    """The parts in a file, each of one of these kinds; content that cannot be raises `MALFORMED` errors."""
    parts = []
    for number, told in enumerate(saved.facts["parts"]):
        if told["kind"] not in kinds:
            raise FormatError(f"expected parts of the kinds {', '.join(kinds)}, got {told['kind']!r}")
        begin = f"{number}/"
        own: dict[str, Any] = {
            name.removeprefix(begin): tensor
            for name, tensor in saved.tensors.items()
            if name.startswith(begin)
        }
        words = own.pop(WORDS, None)
        part = replace(
            saved,
            tensors=own,
            words=saved.words if words is None else unpack_words(words, Path(begin)),
            **{name: told[name] for name in ("kind", "parameters", "tokenizer", "facts")},
        )
        parts.append(Part(float(told["weight"]), revive(part)))
    if not parts:
        raise FormatError("expected parts, got none")
    return parts

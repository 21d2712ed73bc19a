"""Versions of the emojifier compared on held-out texts, and their misclassified texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from embedkit.checkpoints import Checkpoint
from embedkit.emoji.emojifier import Emojifier
from embedkit.errors import InputError
from embedkit.models.assessment.evaluation import evaluate_classifier
from embedkit.models.comparison import TrainedModel, check_held_out
from embedkit.models.timed_training import train
from embedkit.progress import SILENT, Progress
from embedkit.text.datasets.dataset import Labeled

COMPARED = (1, 2)  # versions that any other stands beside
SHARED = ("embeddings", "components", "unlabeled", "augment", "seed")  # by versions beside one another


class Mistake(NamedTuple):
    """A text that was given another emoji than its own, and the probability of that other."""

    text: str
    expected: str
    predicted: str
    probability: float


def train_versions(
    model: Emojifier,
    data: Labeled,
    held_out: Labeled | None,
    compare: bool = False,
    progress: Progress = SILENT,
    checkpoint: Checkpoint | None = None,
) -> list[TrainedModel]:
    """Fit an emojifier and assess it, beside versions 1 and 2 if they are to be compared.

    Without held-out texts nothing can be assessed, and the list is empty. The training of the emojifier's own
    network is saved in the checkpoint, that of another version is not.
    """
    if held_out is None:
        train(f"version {model.version}", model, data, progress, checkpoint=checkpoint)
        return []
    trained = [train_version(model, data, held_out, progress, checkpoint)]
    if compare:
        trained += train_versions_beside(model, data, held_out, progress)
    return trained


def train_versions_beside(
    model: Emojifier, data: Labeled, held_out: Labeled, progress: Progress = SILENT
) -> Iterator[TrainedModel]:
    """Versions 1 and 2, if they are not that of the model, learning from the same texts and vectors."""
    for version in COMPARED:
        if version != model.version:
            same = ("embeddings", "seed") if version == 1 else SHARED
            other = Emojifier(version, **{name: getattr(model, name) for name in same})
            yield train_version(other, data, held_out, progress)


def train_version(
    model: Emojifier,
    data: Labeled,
    held_out: Labeled,
    progress: Progress = SILENT,
    checkpoint: Checkpoint | None = None,
) -> TrainedModel:
    """Fit and assess an emojifier; each of its epochs is validated on the same texts."""
    check_held_out(data, held_out)
    name = f"version {model.version}"
    told: dict[str, Any] = {"validation_data": (held_out.texts, held_out.labels), "checkpoint": checkpoint}
    seconds = train(name, model, data, progress, **told)
    return TrainedModel(name, model, evaluate_classifier(model, held_out, progress=progress), seconds)


def labeled_by_emoji(data: Labeled, model: Emojifier) -> Labeled:
    """The texts with their labels as the emoji that these stand for."""
    try:
        return replace(data, labels=model.emoji_of(data.labels))
    except InputError as error:
        raise InputError(f"{data.name}: {error}") from None


def mistakes_of(model: Emojifier, data: Labeled) -> list[Mistake]:
    """The texts whose emoji is not the one predicted, the surest mistakes first."""
    probabilities, classes = model.predict_proba(data.texts), model.classes_.tolist()
    mistakes = [
        Mistake(text, label, classes[place], float(row[place]))  # type: ignore[arg-type]
        for text, label, row, place in zip(
            data.texts, data.labels, probabilities, probabilities.argmax(axis=1).tolist(), strict=True
        )
        if label != classes[place]
    ]
    return sorted(mistakes, key=lambda mistake: -mistake.probability)

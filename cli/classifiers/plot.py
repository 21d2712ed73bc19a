"""The plot of --plot for trained classifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.plots.bars import Bar
from embedkit.plots.learning import Confusion, Curve, ModelScore, write_learning

if TYPE_CHECKING:
    from embedkit.models.comparison import TrainedModel
    from embedkit.models.estimator import TextEstimator

DRAWN = 40  # classes up to which a confusion matrix is drawn beside the rest


def plot_training(
    path: Path,
    models: Mapping[str, TextEstimator[Any]],
    trained: Sequence[TrainedModel],
    data: str,
    curves: Sequence[Curve] | None = None,
) -> None:
    """Draw the curves of the models that have some, and how good all were; of one model its confusions.

    `curves` are drawn instead if they are given.
    """
    if curves is None:
        curves = [curve_of(name, model) for name, model in models.items() if hasattr(model, "history_")]
    results = [ModelScore(name, Bar(*assessment.totals[0][2:5])) for name, _, assessment, _ in trained]
    metric = trained[0].assessment.totals[0].metric if trained else "accuracy"
    confusion = None
    if trained and len(models) == 1:
        name, matrix, classes = (
            trained[0].name,
            trained[0].assessment.confusion,
            trained[0].assessment.classes,
        )
        confusion = Confusion(name, matrix, classes) if matrix is not None and len(classes) <= DRAWN else None
    write_learning(path, curves, results, f"Classifiers of {data}", metric, confusion)


def curve_of(name: str, model: TextEstimator[Any]) -> Curve:
    """The epochs of a model as a curve."""
    epochs = model.history_
    held = [epoch for epoch in epochs if epoch.validation_loss is not None]
    return Curve(
        name,
        [epoch.loss for epoch in epochs],
        [epoch.accuracy for epoch in epochs],
        [epoch.validation_loss for epoch in held],
        [epoch.validation_accuracy for epoch in held],
    )

"""The files of --plot and --history for trained models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from embedkit.errors import InputError
from embedkit.models.curves import check_curves_file, write_curves
from embedkit.plots.bars import Bar
from embedkit.plots.learning import Confusion, Curve, ModelScore, write_learning
from embedkit.text.datasets.held_out import held_out_fraction
from embedkit_cli.classifiers.options import NETWORKS
from embedkit_cli.evaluation.report_plot import check_plot
from embedkit_cli.shared.outputs import check_file, check_not_read

if TYPE_CHECKING:
    from embedkit.models.comparison import TrainedModel
    from embedkit.models.estimator import TextEstimator
    from embedkit.models.regression.training import TrainedRegressor
    from embedkit.models.text_model import TextModel

DRAWN = 40  # classes up to which a confusion matrix is drawn beside the rest


def check_targets(plot: Path | None, history: Path | None, models: int, *sources: Path) -> None:
    """Raise unless a picture of so many models, and their curves, can be written, over none of `sources`."""
    if plot:
        check_plot(plot, models)
    if history:
        check_curves_file(history)
        check_file(history)
    for target in filter(None, (plot, history)):
        check_not_read(target, *sources)


def check_shown(plot: Path | None, history: Path | None, kind: str, validation: str) -> None:
    """Raise for a picture or curves of a model of a kind that have nothing to show."""
    if kind in NETWORKS:
        return
    if history:
        raise InputError(f"--history is for models that learn in epochs, and {kind} does not; leave it out")
    if plot and held_out_fraction(validation) == 0:
        raise InputError(
            f"--plot has nothing to draw of {kind} with --validation 0; hold texts out, or leave it out"
        )


def write_history(path: Path, models: Mapping[str, TextModel[Any]]) -> None:
    """Write the curves of the models that have some."""
    write_curves(path, {name: model.history_ for name, model in models.items() if hasattr(model, "history_")})


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
    results = [
        ModelScore(name, Bar(*assessment.totals[0][2:5]), seconds) for name, _, assessment, seconds in trained
    ]
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


def plot_regressors(
    path: Path, models: Mapping[str, TextModel[Any]], trained: Sequence[TrainedRegressor], data: str
) -> None:
    """Draw the curves of the models that have some, and R² of those that were assessed."""
    curves = [curve_of(name, model) for name, model in models.items() if hasattr(model, "history_")]
    scores = [
        ModelScore(each.name, Bar(*score[2:5]), each.seconds)
        for each in trained
        if each.assessment
        for score in each.assessment.totals
        if score.metric == "R²"
    ]
    write_learning(path, curves, scores, f"Regressors of {data}", "R²")


def curve_of(name: str, model: Any) -> Curve:
    """The epochs of a model as a curve; its kept epoch is the best by the texts held out, else the last."""
    epochs = model.history_
    held = [epoch.held_out_loss for epoch in epochs if epoch.held_out_loss is not None]
    judged = [epoch for epoch in epochs if epoch.validation_loss is not None]
    return Curve(
        name,
        [epoch.loss for epoch in epochs],
        [epoch.accuracy for epoch in epochs],
        [epoch.validation_loss for epoch in judged],
        [epoch.validation_accuracy for epoch in judged],
        held,
        [epoch.held_out_accuracy for epoch in epochs if epoch.held_out_accuracy is not None],
        held.index(min(held)) if held else len(epochs) - 1,
    )

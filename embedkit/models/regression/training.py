"""Training and assessment of regressors: of one by itself, and of a network beside its baseline."""

from __future__ import annotations

from typing import Any, NamedTuple

from embedkit.checkpoints import Checkpoint
from embedkit.hyperparameters import values_of
from embedkit.models.number_targets import numbers_from_text
from embedkit.models.regression.assessment import NumberAssessment, evaluate_regressor
from embedkit.models.regression.estimator import NumberEstimator
from embedkit.models.regression.network import TextRegressor
from embedkit.models.regression.tfidf import TfidfRegressor
from embedkit.models.timed_training import train
from embedkit.progress import SILENT, Progress
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.pipeline.parameters import PipelineParameters

RECURRENT, TFIDF = "recurrent", "tfidf"
REGRESSORS: dict[str, type[NumberEstimator[Any]]] = {RECURRENT: TextRegressor, TFIDF: TfidfRegressor}


class TrainedRegressor(NamedTuple):
    """A regressor, how good it is, if held-out texts tell, and the seconds of its training, see `train`."""

    name: str
    model: NumberEstimator[Any]
    assessment: NumberAssessment | None
    seconds: float


def train_regressor(
    name: str,
    model: NumberEstimator[Any],
    data: Labeled,
    held_out: Labeled | None = None,
    progress: Progress = SILENT,
    choose_by_validation: bool = False,
    checkpoint: Checkpoint | None = None,
) -> TrainedRegressor:
    """Fit a regressor on texts whose labels are numbers, and assess it if there are held-out texts.

    A network judges each epoch by these, too; they choose nothing, unless `choose_by_validation`. Its
    training is saved in the checkpoint.
    """
    judged: dict[str, Any] = {"checkpoint": checkpoint} if isinstance(model, TextRegressor) else {}
    if held_out and isinstance(model, TextRegressor):
        judged["validation_data"] = held_out.texts, numbers_from_text(held_out.labels)
        judged["choose_by_validation"] = choose_by_validation
    seconds = train(name, model, data, progress, **judged)
    assessment = None if held_out is None else evaluate_regressor(model, held_out, progress=progress)
    return TrainedRegressor(name, model, assessment, seconds)


def ngrams_beside(network: TextRegressor) -> TfidfRegressor:
    """N-grams that read texts as a network does, its baseline."""
    return TfidfRegressor(bounded=network.bounded, **values_of(PipelineParameters, network))

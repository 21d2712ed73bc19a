"""`NumberAssessment`: how far predicted numbers are from the true ones, beside the mean of training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d
from embedkit.errors import InputError
from embedkit.models.assessment.evaluation import unknown_words_warning
from embedkit.models.assessment.scores import ClassifierScore
from embedkit.models.inference.predictor import Predictor
from embedkit.models.number_targets import NumberTargets, numbers_from_text
from embedkit.progress import SILENT, Progress
from embedkit.statistics.correlation import pearson, spearman
from embedkit.statistics.correlation_intervals import correlate
from embedkit.statistics.intervals import Estimate, bootstrap
from embedkit.text.datasets.dataset import Labeled

if TYPE_CHECKING:
    from embedkit.models.regression.estimator import NumberEstimator

ErrorMeasure = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class NumberAssessment:
    """A regressor's scores on n texts.

    Args:
        texts: n.
        totals: the mean absolute error (MAE), the root of the mean squared error (RMSE), R², and the
            correlations of Pearson and Spearman, each with the interval of the bootstrap. R² of a set of
            equal numbers, and a correlation with such a set, are None.
        baseline: MAE, RMSE and R² of the mean of the numbers of training, said of each text.
        errors: the absolute errors, (n,).
    """

    texts: int
    totals: tuple[ClassifierScore, ...]
    baseline: tuple[ClassifierScore, ...]
    errors: Doubles1d

    def __repr__(self) -> str:
        return f"<NumberAssessment of {self.texts:,} texts: MAE {self.totals[0].value:.3f}>"

    def value(self, metric: str) -> float | None:
        """The score called `metric`."""
        return next(score.value for score in self.totals if score.metric == metric)


def mean_absolute_error(predicted: NDArray[np.float64], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean absolute error of each row, (r,) of (r, n)."""
    errors: NDArray[np.float64] = np.abs(predicted - numbers).mean(axis=1)
    return errors


def root_mean_squared_error(
    predicted: NDArray[np.float64], numbers: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The root of the mean squared error of each row, (r,) of (r, n)."""
    errors: NDArray[np.float64] = np.sqrt(((predicted - numbers) ** 2).mean(axis=1))
    return errors


def explained_variance(predicted: NDArray[np.float64], numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """R² of each row, (r,) of (r, n); NaN of numbers that do not vary."""
    variance, left = numbers.var(axis=1), ((predicted - numbers) ** 2).mean(axis=1)
    shares: NDArray[np.float64] = np.full(len(variance), np.nan)
    np.divide(left, variance, out=shares, where=variance > 0)
    return 1 - shares


ERRORS: dict[str, ErrorMeasure] = {
    "MAE": mean_absolute_error,
    "RMSE": root_mean_squared_error,
    "R²": explained_variance,
}
CORRELATIONS: dict[str, Any] = {"Pearson": pearson, "Spearman": spearman}


def assess_numbers(predicted: Doubles1d, numbers: Doubles1d, mean: float) -> NumberAssessment:
    """Compare predicted numbers (n,) with the true ones (n,); `mean` is that of the numbers of training.

    Raises:
        InputError: no texts, or another number of predictions.
    """
    if predicted.shape != numbers.shape or len(numbers) == 0:
        raise InputError(f"expected texts and as many numbers, got {len(predicted)} and {len(numbers)}")
    plain = np.full(len(numbers), mean)
    return NumberAssessment(
        texts=len(numbers),
        totals=(
            *(_scored(name, measure, predicted, numbers) for name, measure in ERRORS.items()),
            *(
                _score("total", name, correlate(statistic, predicted, numbers), len(numbers))
                for name, statistic in CORRELATIONS.items()
            ),
        ),
        baseline=tuple(
            _scored(name, measure, plain, numbers, "mean of training") for name, measure in ERRORS.items()
        ),
        errors=np.abs(predicted - numbers),
    )


def evaluate_regressor(
    model: NumberEstimator[Any] | Predictor, data: Labeled, *, progress: Progress = SILENT
) -> NumberAssessment:
    """A trained regressor's scores on texts with numbers; what of them it does not know goes to `progress`.

    Raises:
        InputError: a classifier, or labels that are no numbers.

    Example:
        >>> from embedkit import Labeled, TfidfRegressor, evaluate_regressor
        >>> texts = ["good film", "bad film", "good plot", "bad plot"]
        >>> model = TfidfRegressor(min_df=1).fit(texts, [9, 2, 8, 1])
        >>> assessment = evaluate_regressor(model, Labeled(texts, ["9", "2", "8", "1"]))
        >>> assessment.value("Spearman") > 0.7
        True
    """
    predictor: Predictor = getattr(model, "predictor_", model)
    if not isinstance(predictor.targets, NumberTargets):
        raise InputError("expected a model of numbers, got a classifier; use evaluate_classifier")
    progress.start(f"predict {Path(data.name).name}")
    numbers = numbers_from_text(data.labels)
    predicted, unknown = predictor.numbers_and_unknown(predictor.read_texts(data.texts))
    assessment = assess_numbers(predicted, numbers, predictor.targets.scale.mean)
    progress.finish(f"{len(data):,} texts, {unknown.mean():.1%} of their words unknown to the model")
    if warning := unknown_words_warning(unknown.tolist(), predictor.reads_characters):
        progress.note(f"Warning: {warning}")
    return assessment


def compare_errors(first: NumberAssessment, other: NumberAssessment) -> Estimate:
    """The difference of the MAE of two models on the same texts; the interval is of the paired bootstrap."""
    interval = bootstrap(lambda mine, theirs: (mine - theirs).mean(axis=1), first.errors, other.errors)
    return Estimate(float(first.errors.mean() - other.errors.mean()), interval)


def _scored(
    name: str, measure: ErrorMeasure, predicted: Doubles1d, numbers: Doubles1d, part: str = "total"
) -> ClassifierScore:
    value = float(measure(predicted[None], numbers[None])[0])
    if np.isnan(value):
        return _score(part, name, Estimate(None, None), len(numbers))
    return _score(part, name, Estimate(value, bootstrap(measure, predicted, numbers)), len(numbers))


def _score(part: str, name: str, estimate: Estimate, texts: int) -> ClassifierScore:
    low, high = estimate.interval or (None, None)
    return ClassifierScore(part, name, estimate.value, low, high, texts)

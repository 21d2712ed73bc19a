"""`Assessment`: scores of a classifier on held-out texts, and the comparison of two classifiers.

Scores are over the classes of the truth: a label that the model does not know is a class of which its
probability is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bools1d, Bools2d, Doubles2d, Longs2d
from embedkit.errors import InputError
from embedkit.models.assessment.calibration import Bin, brier, calibration_error, log_loss, reliability
from embedkit.models.assessment.scores import (
    ClassifierScore,
    Hits,
    class_scores,
    macro_score,
    micro_scores,
    plain,
    share,
)
from embedkit.models.targets import Targets, encode_labels, encode_other_labels
from embedkit.statistics.intervals import Estimate
from embedkit.statistics.shares import newcombe
from embedkit.statistics.significance import mcnemar

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Assessment:
    """A classifier's scores on n texts.

    Args:
        texts: n.
        classes: the classes of the model, as text, and then the labels of texts that it does not know: R.
        totals: the scores of all texts, the share of right answers first.
        by_class: precision, recall and F1 of each class, in the order of the classes.
        confusion: int64 (R, R), how often each class (row) was taken for which (column); None if a text may
            have several labels.
        bins: of the probability of the predicted class; of several labels, of the probability of each label.
        right: bool (n,), whether the class, or all labels without exception, were predicted.
        unknown_label_texts: texts with a label unknown to the model; predictions of them count as wrong.
    """

    texts: int
    classes: tuple[str, ...]
    totals: tuple[ClassifierScore, ...]
    by_class: tuple[ClassifierScore, ...]
    confusion: Longs2d | None
    bins: tuple[Bin, ...]
    right: Bools1d
    unknown_label_texts: int

    def __repr__(self) -> str:
        first = self.totals[0]
        return f"<Assessment of {self.texts:,} texts: {first.metric} {first.value:.3f}>"

    def value(self, metric: str) -> float | None:
        """The score of all texts called `metric`."""
        return next(score.value for score in self.totals if score.metric == metric)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the confusion matrix on axes, or on new ones of pyplot.

        Raises:
            InputError: there is none, as texts have several labels each, or too many classes to draw.
            DependencyError: matplotlib is not installed.
        """
        from embedkit.plots.canvas import axes_or_new, figure_of
        from embedkit.plots.confusion import draw_confusion, size_of
        from embedkit.plots.fonts import choose_fonts

        if self.confusion is None:
            raise InputError("texts with several labels each have no confusion matrix to draw")
        ax = axes_or_new(ax, *size_of(self.classes))
        draw_confusion(ax, self.confusion, self.classes)
        choose_fonts(figure_of(ax))
        return ax


def assess(targets: Targets, probabilities: Doubles2d, labels: Sequence[Any]) -> Assessment:
    """Compare what a model said with the truth.

    Args:
        targets: of the model (`targets_`).
        probabilities: what its `predict_proba` gave for n texts, (n, K).
        labels: the truth, in the form in which the model learned labels.

    Raises:
        InputError: no texts, another number of labels, or not one label that the model knows.
    """
    known, unknown = encode_labels(labels, targets)
    if probabilities.shape != known.shape or len(known) == 0:
        raise InputError(f"expected texts and as many labels, got {len(probabilities)} and {len(known)}")
    beside, others = encode_other_labels(labels, targets)
    names = tuple(map(str, [*targets.classes.tolist(), *others]))
    truth = np.concatenate([known, beside], axis=1)
    likely = np.concatenate([probabilities, np.zeros(beside.shape)], axis=1)
    scored = _several if targets.task == "multilabel" else _single
    return scored(names, likely, truth, int(unknown.sum()))


def _single(names: tuple[str, ...], probabilities: Doubles2d, truth: Bools2d, unknown: int) -> Assessment:
    predicted = probabilities.argmax(axis=1)
    right = truth[np.arange(len(truth)), predicted]
    confusion = np.zeros((len(names), len(names)), np.int64)
    np.add.at(confusion, (truth.argmax(axis=1), predicted), 1)
    hits = Hits(np.diagonal(confusion), confusion.sum(axis=0), confusion.sum(axis=1))
    bins = reliability(probabilities.max(axis=1), right)
    return Assessment(
        texts=len(right),
        classes=names,
        totals=(
            share("total", "accuracy", int(right.sum()), len(right)),
            macro_score(truth, np.eye(len(names), dtype=bool)[predicted]),
            *_calibrated(probabilities, truth, bins),
        ),
        by_class=tuple(class_scores(hits, names)),
        confusion=confusion,
        bins=tuple(bins),
        right=right,
        unknown_label_texts=unknown,
    )


def _several(names: tuple[str, ...], probabilities: Doubles2d, truth: Bools2d, unknown: int) -> Assessment:
    predicted = probabilities > 0.5
    right = (predicted == truth).all(axis=1)
    hits = Hits((predicted & truth).sum(axis=0), predicted.sum(axis=0), truth.sum(axis=0))
    bins = reliability(probabilities.ravel(), truth.ravel())
    return Assessment(
        texts=len(right),
        classes=names,
        totals=(
            share("total", "subset accuracy", int(right.sum()), len(right)),
            macro_score(truth, predicted),
            *micro_scores(hits),
            *_calibrated(probabilities.ravel(), truth.ravel(), bins),
        ),
        by_class=tuple(class_scores(hits, names)),
        confusion=None,
        bins=tuple(bins),
        right=right,
        unknown_label_texts=unknown,
    )


def _calibrated(
    probabilities: NDArray[np.float64], truth: NDArray[np.bool_], bins: list[Bin]
) -> tuple[ClassifierScore, ...]:
    return (
        plain("log loss", log_loss(probabilities, truth), len(truth)),
        plain("Brier score", brier(probabilities, truth), len(truth)),
        plain("calibration error", calibration_error(bins), sum(one.predictions for one in bins)),
    )


class ModelComparison(NamedTuple):
    """Two classifiers, a and b, on the same texts: how many both, only one and neither had right.

    `difference` is a's accuracy less b's with Newcombe's interval, `p_value` McNemar's, exact.
    """

    both: int
    only_a: int
    only_b: int
    neither: int
    difference: Estimate
    p_value: float


def compare_models(right_a: Bools1d, right_b: Bools1d) -> ModelComparison:
    """Compare two classifiers by which of n texts each had right (`Assessment.right`), bool (n,)."""
    if right_a.shape != right_b.shape or len(right_a) == 0:
        raise InputError(f"expected answers to the same texts, got {len(right_a)} and {len(right_b)}")
    both, only_a = int((right_a & right_b).sum()), int((right_a & ~right_b).sum())
    only_b, neither = int((~right_a & right_b).sum()), int((~right_a & ~right_b).sum())
    interval = newcombe(both, only_a, only_b, neither)
    difference = Estimate((only_a - only_b) / len(right_a), interval)
    return ModelComparison(both, only_a, only_b, neither, difference, mcnemar(only_a, only_b))

"""Scores of classifiers as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from embedkit_cli.evaluation.report_tables import INTERVAL, chance
from embedkit_cli.shared.tables import Column, Table, text_table
from embedkit_cli.shared.text import rounded

if TYPE_CHECKING:
    from embedkit.models.assessment.report import Assessment, ModelComparison
    from embedkit.models.assessment.scores import ClassifierScore
    from embedkit.models.comparison import TrainedModel

SHOWN = 12  # classes up to which the whole confusion matrix is shown, else the commonest confusions
LIKELY = 0.05  # a difference of a smaller corrected p is not put down to chance


CALIBRATION = ("log loss", "Brier score", "calibration error")


class ModelPair(NamedTuple):
    """Two models on the same texts, with a p-value corrected for all the pairs it is told with."""

    first: TrainedModel
    other: TrainedModel
    comparison: ModelComparison
    corrected_p_value: float | None


def training_table(models: Sequence[TrainedModel]) -> Table:
    """A row a model: how often it is right, with intervals, and its training time.

    How well it knows that is for `embedkit evaluate-classifier`; a line of a terminal is not long enough.
    """
    names = [score.metric for score in models[0].assessment.totals if score.metric not in CALIBRATION]
    columns = [Column("model")]
    for name in names:
        columns += [Column(name, True), INTERVAL]
    rows = []
    for name, _, assessment, seconds in models:
        scores = [score for score in assessment.totals if score.metric in names]
        cells = [cell for score in scores for cell in (number(score.value), interval(score))]
        rows.append((name, *cells, f"{seconds:.1f}"))
    columns.append(Column("training s", True))
    return Table(columns, rows)


def paired(models: Sequence[TrainedModel]) -> list[ModelPair]:
    """The first model beside each of the others, on the same texts."""
    from embedkit.models.assessment.report import compare_models
    from embedkit.statistics.significance import holm

    first, *others = models
    comparisons = [compare_models(first.assessment.right, other.assessment.right) for other in others]
    corrected = holm([comparison.p_value for comparison in comparisons])
    return [ModelPair(first, *entry) for entry in zip(others, comparisons, corrected, strict=True)]


def paired_table(pairs: Sequence[ModelPair]) -> Table:
    """The first model against each of the others: McNemar's test, Newcombe's interval, Holm's correction."""
    columns = (
        Column(f"{pairs[0].first.name} against"),
        Column("difference", True),
        INTERVAL,
        Column("only it right", True),
        Column("only the other", True),
        Column("p", True),
        Column("corrected p", True),
    )
    rows = []
    for _, other, comparison, corrected in pairs:
        low, high = comparison.difference.interval or (np.nan, np.nan)
        bounds = f"[{low:+.3f}, {high:+.3f}]"
        counts = f"{comparison.only_a:,}", f"{comparison.only_b:,}"
        tests = chance(comparison.p_value), chance(corrected)
        rows.append((other.name, f"{comparison.difference.value:+.3f}", bounds, *counts, *tests))
    return Table(columns, rows)


def verdicts(pairs: Sequence[ModelPair]) -> Iterator[str]:
    """What the p-values are, and a sentence for each model that the first one does not clearly beat."""
    yield f"p is of McNemar's exact test; it is corrected after Holm for the number of tests ({len(pairs)})"
    for first, other, comparison, p_value in pairs:
        difference, proven = comparison.difference.value or 0.0, p_value is not None and p_value <= LIKELY
        if difference > 0 and proven:
            continue
        how = "not clearly better than" if difference > 0 else "as often right as"
        if difference < 0:
            how = "worse than" if proven else "worse, if not clearly, than"
        yield (
            f"{first.name} is {how} {other.name} on these "
            f"{first.assessment.texts:,} texts (corrected p = {p_value:.2g}), and took {first.seconds:.1f} s "
            f"to train, {other.name} {other.seconds:.1f} s"
        )


def comparison(models: Sequence[TrainedModel]) -> str:
    """The table of models; of several also that of the first against the others, and what it says."""
    parts = [text_table(training_table(models))]
    if pairs := paired(models):
        parts += ["", text_table(paired_table(pairs)), *verdicts(pairs)]
    return "\n".join(parts)


def total_table(assessment: Assessment) -> Table:
    """The scores of all texts."""
    columns = (Column("metric"), Column("value", True), INTERVAL, Column("texts", True))
    rows = [
        (score.metric, number(score.value), interval(score), f"{score.texts:,}")
        for score in assessment.totals
    ]
    return Table(columns, rows)


def class_table(assessment: Assessment) -> Table:
    """Precision, recall and F1, a row a class; `texts` are those of the class."""
    columns = [Column("class")]
    for metric in ("precision", "recall"):
        columns += [Column(metric, True), INTERVAL]
    columns += [Column("F1", True), Column("texts", True)]
    scores = iter(assessment.by_class)
    rows = []
    for precision, recall, f1 in zip(scores, scores, scores, strict=True):
        shares = [cell for score in (precision, recall) for cell in (number(score.value), interval(score))]
        rows.append((precision.part, *shares, number(f1.value), f"{f1.texts:,}"))
    return Table(columns, rows)


def confusion_table(assessment: Assessment) -> Table | None:
    """How often each class was taken for which; of many classes the commonest confusions."""
    if assessment.confusion is None:
        return None
    if len(assessment.classes) <= SHOWN:
        columns = (Column("actual \\ predicted"), *(Column(name, True) for name in assessment.classes))
        rows = zip(assessment.classes, assessment.confusion.tolist(), strict=True)
        return Table(columns, [(name, *(f"{count:,}" for count in counts)) for name, counts in rows])
    wrong = assessment.confusion - np.diag(np.diagonal(assessment.confusion))
    common = [
        np.unravel_index(place, wrong.shape) for place in np.argsort(-wrong, axis=None, kind="stable")[:SHOWN]
    ]
    names = assessment.classes
    columns = (Column("actual"), Column("predicted"), Column("texts", True))
    return Table(columns, [(names[a], names[b], f"{wrong[a, b]:,}") for a, b in common if wrong[a, b]])


def calibration_table(assessment: Assessment) -> Table:
    """Predictions by their probability: what it was on average, and what share came true."""
    columns = (
        Column("probability"),
        Column("mean", True),
        Column("came true", True),
        Column("predictions", True),
    )
    rows = [
        (f"{low:.1f} to {high:.1f}", number(mean), number(share), f"{count:,}")
        for low, high, count, mean, share in assessment.bins
        if count
    ]
    return Table(columns, rows)


def tables(assessment: Assessment) -> Iterator[Table]:
    """All tables."""
    yield total_table(assessment)
    yield class_table(assessment)
    if (confusion := confusion_table(assessment)) is not None:
        yield confusion
    yield calibration_table(assessment)


def content(assessment: Assessment) -> dict[str, Any]:
    """All numbers, ready for JSON, with six significant digits."""
    return {
        "texts": assessment.texts,
        "texts_of_unknown_labels": assessment.unknown_label_texts,
        "classes": list(assessment.classes),
        "scores": [rounded(score._asdict()) for score in (*assessment.totals, *assessment.by_class)],
        "confusion": None if assessment.confusion is None else assessment.confusion.tolist(),
        "calibration": [rounded(one._asdict()) for one in assessment.bins],
    }


def scores_of(trained: TrainedModel) -> list[dict[str, Any]]:
    """A model's scores of all texts, ready for JSON."""
    return [rounded(score._asdict()) for score in trained.assessment.totals]


def number(value: float | None) -> str:
    """A score as it is printed."""
    return "-" if value is None else f"{value:.3f}"


def interval(score: ClassifierScore) -> str:
    """The interval of a score as it is printed, empty if it has none."""
    return "" if score.low is None or score.high is None else f"[{score.low:.3f}, {score.high:.3f}]"

"""Scores of classifiers as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from embedkit_cli.evaluation.report_tables import INTERVAL, chance
from embedkit_cli.shared.tables import Column, Table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line, plain, rounded

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


def verdict(pair: ModelPair) -> str:
    """Which of two models is worse, or that there is no clear difference, and how long both trained.

    A difference is clear if its corrected p is at most `LIKELY`.
    """
    counts, texts = pair.comparison, pair.first.assessment.texts
    first = pair.first, (counts.both + counts.only_a) / texts
    other = pair.other, (counts.both + counts.only_b) / texts
    clear = pair.corrected_p_value is not None and pair.corrected_p_value <= LIKELY
    (a, a_right), (b, b_right) = sorted((first, other), key=itemgetter(1)) if clear else (first, other)
    found = (
        f"{a.name} is worse than {b.name}: right on {a_right:.1%} against {b_right:.1%}"
        if clear
        else f"no clear difference between {a.name} and {b.name}: right on {a_right:.1%} and {b_right:.1%}"
    )
    return (
        f"{found} of {texts:,} texts (corrected p = {chance(pair.corrected_p_value).lstrip('<')}); "
        f"trained in {a.seconds:.1f} s and {b.seconds:.1f} s"
    )


def comparison(models: Sequence[TrainedModel]) -> str:
    """The table of models; of several also that of the first against the others, and what it says."""
    parts = [text_table(training_table(models))]
    if pairs := paired(models):
        tests = f"p is of McNemar's exact test, corrected after Holm for the number of tests ({len(pairs)})"
        parts += ["", text_table(paired_table(pairs)), tests, *map(plain, map(verdict, pairs))]
    return "\n".join(parts)


def comparison_in(style: str, models: Sequence[TrainedModel]) -> str:
    """The comparison as text, JSON or TSV."""
    if style == "json":
        return json_line(comparison_content(models))
    return "\n".join(comparison_tsv(models)) if style == "tsv" else comparison(models)


def comparison_content(models: Sequence[TrainedModel]) -> dict[str, Any]:
    """The same ready for JSON, with six significant digits."""
    return {
        "texts": models[0].assessment.texts,
        "models": [
            {"model": trained.name, "scores": scores_of(trained), "training_seconds": trained.seconds}
            for trained in models
        ],
        "comparisons": [rounded({"model": pair.first.name, **pair_content(pair)}) for pair in paired(models)],
    }


def comparison_tsv(models: Sequence[TrainedModel]) -> Iterator[str]:
    """The same as lines of one table, a row a model; differences are those of the first from it."""
    pairs = {pair.other.name: pair_content(pair) for pair in paired(models)}
    tests = list(next(iter(pairs.values()), {}))
    scores = models[0].assessment.totals
    names = [f"{score.metric}{end}" for score in scores for end in ("", "_low", "_high")]
    rows = [
        [
            trained.name,
            *(number for score in trained.assessment.totals for number in score[2:5]),
            trained.seconds,
            *(pairs.get(trained.name, {}).get(name) for name in tests),
        ]
        for trained in models
    ]
    return tsv_lines(["model", *names, "training_seconds", *tests], rows)


def pair_content(pair: ModelPair) -> dict[str, Any]:
    """The first of two models against the other in numbers."""
    value, low, high = pair.comparison.difference.numbers
    return {
        "against": pair.other.name,
        "difference": value,
        "difference_low": low,
        "difference_high": high,
        "only_it_right": pair.comparison.only_a,
        "only_the_other_right": pair.comparison.only_b,
        "p_value": pair.comparison.p_value,
        "corrected_p_value": pair.corrected_p_value,
        "verdict": verdict(pair),
    }


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

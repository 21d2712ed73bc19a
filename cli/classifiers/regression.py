"""Scores of regressors as tables, and texts with predicted numbers as text, JSON or TSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any, NamedTuple

from embedkit_cli.classifiers.predictions import SHOWN
from embedkit_cli.classifiers.tables import interval, number
from embedkit_cli.evaluation.report_tables import INTERVAL
from embedkit_cli.shared.tables import Column, Table, text_table
from embedkit_cli.shared.text import DIGITS, json_line, plain, rounded

if TYPE_CHECKING:
    from embedkit.models.inference.predictor import Predictor
    from embedkit.models.regression.assessment import NumberAssessment
    from embedkit.models.regression.training import TrainedRegressor

TRAINED = "MAE", "RMSE", "R²"  # what the table of several models has room for
MEAN = "mean of training"


class PredictedNumber(NamedTuple):
    """A text, its number, and its share of unknown words."""

    text: str
    number: float
    unknown: float


def predicted_numbers(predictor: Predictor, texts: list[str]) -> Iterator[PredictedNumber]:
    """The numbers of texts."""
    numbers, unknown = predictor.numbers_and_unknown(texts)
    for text, value, share in zip(texts, numbers.tolist(), unknown.tolist(), strict=True):
        yield PredictedNumber(text, value, share)


def number_renderer(style: str, alone: bool) -> Callable[[PredictedNumber], str]:
    """What prints predicted numbers in a style; of a text that is `alone`, text style repeats nothing."""

    def as_text(found: PredictedNumber) -> str:
        text = plain(shorten(found.text[: 4 * SHOWN], SHOWN, placeholder=" ..."))
        return f"{found.number:.4g}" if alone else f"{found.number:<8.4g}  {text}"

    def as_json(found: PredictedNumber) -> str:
        entry = {"text": found.text, **rounded({"number": found.number})}
        return json_line({**entry, "unknown_words": round(found.unknown, DIGITS)})

    def as_tsv(found: PredictedNumber) -> str:
        return f"{plain(found.text)}\t{found.number:.6g}"

    return {"text": as_text, "json": as_json, "tsv": as_tsv}[style]


def number_table(assessment: NumberAssessment) -> Table:
    """The scores of all texts, beside those of the mean of training."""
    columns = Column("metric"), Column("value", True), INTERVAL, Column(MEAN, True), Column("texts", True)
    plain_scores = {score.metric: number(score.value) for score in assessment.baseline}
    rows = [
        (
            score.metric,
            number(score.value),
            interval(score),
            plain_scores.get(score.metric, ""),
            f"{score.texts:,}",
        )
        for score in assessment.totals
    ]
    return Table(columns, rows)


def number_content(assessment: NumberAssessment) -> dict[str, Any]:
    """All numbers, ready for JSON, with six significant digits."""
    scores = (*assessment.totals, *assessment.baseline)
    return {"texts": assessment.texts, "scores": [rounded(score._asdict()) for score in scores]}


def regressor_report(models: Sequence[TrainedRegressor]) -> str:
    """The table of models on the same held-out texts, the mean of training below; and what two differ by."""
    columns = [Column("model")]
    for name in TRAINED:
        columns += [Column(name, True), INTERVAL]
    columns.append(Column("training s", True))
    rows = []
    for name, _, assessment, seconds in models:
        if assessment is not None:
            rows.append((name, *_cells(assessment.totals), f"{seconds:.1f}"))
    if (first := models[0].assessment) is not None:
        rows.append((MEAN, *_cells(first.baseline), ""))
    return "\n".join([text_table(Table(columns, rows)), *_differences(models)])


def _cells(scores: Sequence[Any]) -> Iterator[str]:
    for score in scores:
        if score.metric in TRAINED:
            yield from (number(score.value), interval(score))


def _differences(models: Sequence[TrainedRegressor]) -> Iterator[str]:
    """A sentence for each model beside the first: whether the first errs less."""
    from embedkit.models.regression.assessment import compare_errors

    first, *others = models
    for other in others:
        if first.assessment is None or other.assessment is None:
            continue
        value, found = compare_errors(first.assessment, other.assessment)
        low, high = found or (0.0, 0.0)
        verdict = "better than" if high < 0 else "worse than" if low > 0 else "not clearly different from"
        bounds = f"{value:+.3f} [{low:+.3f}, {high:+.3f}]"
        yield f"{first.name} is {verdict} {other.name}: its MAE differs by {bounds} (paired bootstrap)"

"""Scores of taggers as tables and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from embedkit_cli.evaluation.report_tables import INTERVAL
from embedkit_cli.shared.tables import Column, Table
from embedkit_cli.shared.text import rounded

if TYPE_CHECKING:
    from embedkit.statistics.intervals import Estimate
    from embedkit.tagging.assessment import TaggingAssessment

TYPES = (
    Column("precision", True),
    Column("recall", True),
    Column("F1", True),
    INTERVAL,
    Column("actual", True),
    Column("predicted", True),
)


def assessment_tables(assessment: TaggingAssessment) -> Iterator[Table]:
    """Accuracy, then the scores of spans or tags."""
    rows = [
        ("tokens", f"{assessment.tokens:,}", *_cells(assessment.accuracy)),
        (
            "tokens without a vector",
            f"{round(assessment.unknown_words * assessment.tokens):,}",
            *_cells(assessment.unknown_word_accuracy),
        ),
        ("whole sentences", f"{assessment.sentences:,}", *_cells(assessment.sentence_accuracy)),
    ]
    yield Table((Column("accuracy of"), Column("number", True), Column("right", True), INTERVAL), rows)
    name = "tag" if assessment.scheme == "plain" else "spans"
    yield Table((Column(name), *TYPES), [_row(score) for score in assessment.by_type])


def assessment_content(assessment: TaggingAssessment) -> dict[str, Any]:
    """All numbers, ready for JSON, with six significant digits."""
    estimates = ("accuracy", "unknown_word_accuracy", "sentence_accuracy")
    numbers = {name: getattr(assessment, name).numbers for name in estimates}
    return {
        "sentences": assessment.sentences,
        "tokens": assessment.tokens,
        "tokens_of_unknown_tags": assessment.unknown_tag_tokens,
        "tokens_without_vector": round(assessment.unknown_words * assessment.tokens),
        "scheme": assessment.scheme,
        **{
            name: rounded(dict(zip(("value", "low", "high"), values, strict=True)))
            for name, values in numbers.items()
        },
        "scores": [rounded(score._asdict()) for score in assessment.by_type],
    }


def _cells(estimate: Estimate) -> tuple[str, str]:
    value, low, high = estimate.numbers
    return _number(value), _interval(low, high)


def _row(score: Any) -> tuple[str, ...]:
    shares = (score.precision, score.recall, score.f1)
    counts = f"{score.actual:,}", f"{score.predicted:,}"
    return (score.name, *map(_number, shares), _interval(score.low, score.high), *counts)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"[{low:.4f}, {high:.4f}]"

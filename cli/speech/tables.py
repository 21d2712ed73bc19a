"""Errors of transcripts as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embedkit_cli.evaluation.report_tables import INTERVAL
from embedkit_cli.shared.tables import Column, Table

if TYPE_CHECKING:
    from embedkit.speech.scores import ErrorRate

COLUMNS = (
    Column("said"),
    Column("count", True),
    Column("error rate", True),
    INTERVAL,
    Column("wrong", True),
    Column("missing", True),
    Column("too many", True),
)


def error_table(errors: ErrorRate) -> Table:
    """The errors a word, and the share of recordings with errors."""
    value, low, high = errors.rate.numbers
    rate = "" if value is None else f"{value:.2%}"
    interval = "" if low is None or high is None else f"{low:.2%} .. {high:.2%}"
    counts = (errors.substitutions, errors.deletions, errors.insertions)
    words = ("words", f"{errors.words:,}", rate, interval, *map(str, counts))
    wrong = errors.transcripts - errors.right
    share = f"{wrong / errors.transcripts:.2%}" if errors.transcripts else ""
    return Table(COLUMNS, [words, ("recordings", f"{errors.transcripts:,}", share, "", str(wrong), "", "")])


def error_content(errors: ErrorRate) -> dict[str, Any]:
    """The same, ready for JSON."""
    value, low, high = errors.rate.numbers
    return {**errors._asdict(), "word_error_rate": value, "interval": [low, high]}

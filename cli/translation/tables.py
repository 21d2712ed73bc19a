"""Scores of translations as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from embedkit_cli.shared.tables import Column, Table

if TYPE_CHECKING:
    from embedkit.evaluation.translations.scores import TextScore


def score_table(scores: Sequence[TextScore]) -> Table:
    """A row a score, in percent, with its interval."""
    columns = (Column("metric"), Column("percent", number=True), Column("95 % interval"))
    return Table(columns, [_row(score) for score in scores])


def _row(score: TextScore) -> tuple[str, str, str]:
    value = "-" if score.value is None else f"{score.value:.2f}"
    return score.metric, value, "" if score.low is None else f"{score.low:.2f} to {score.high:.2f}"

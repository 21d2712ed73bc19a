"""Scores of translations, and who is to blame for errors, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from embedkit_cli.shared.tables import Column, Table

if TYPE_CHECKING:
    from embedkit.evaluation.translations.scores import TextScore
    from embedkit.translation.assessment import ErrorAnalysis


def score_table(scores: Sequence[TextScore]) -> Table:
    """A row a score, in percent, with its interval."""
    columns = (Column("metric"), Column("percent", number=True), Column("95 % interval"))
    return Table(columns, [_row(score) for score in scores])


def _row(score: TextScore) -> tuple[str, str, str]:
    value = "-" if score.value is None else f"{score.value:.2f}"
    return score.metric, value, "" if score.low is None else f"{score.low:.2f} to {score.high:.2f}"


def error_table(errors: ErrorAnalysis) -> Table:
    """How many answers are right, and who is to blame for the others."""
    columns = (Column("answers"), Column("texts", number=True), Column("percent", number=True))
    total = errors.right + errors.wrong
    named = {
        "right": errors.right,
        "wrong, search to blame": errors.search,
        "wrong, model to blame": errors.model,
    }
    return Table(columns, [(name, f"{n:,}", f"{100 * n / total:.2f}") for name, n in named.items()])

"""What the learning-rate finder found, as text, JSON or TSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedkit_cli.shared.tables import Column, Table, text_table, tsv_lines
from embedkit_cli.shared.text import json_line

if TYPE_CHECKING:
    from embedkit.models.networks.learning_rates import LearningRateSearch

ROWS = 20  # of the table at most; the other styles and the plot show all
COLUMNS = ("learning_rate", "loss", "mean_loss")


def as_text(found: LearningRateSearch) -> str:
    """A table of some of the rates, and what they suggest."""
    shown = np.unique(np.linspace(0, len(found.rates) - 1, ROWS).round().astype(int))
    rows = [[f"{rate:.2e}", f"{loss:.4f}"] for rate, loss in zip(found.rates, found.smoothed, strict=True)]
    table = text_table(
        Table([Column("learning rate", True), Column("mean loss", True)], [rows[number] for number in shown])
    )
    return f"{table}\n\n{conclusion(found)}"


def conclusion(found: LearningRateSearch) -> str:
    """The suggestion in words."""
    if found.suggestion is None:
        return (
            f"no suggestion: the loss was lowest at the least rate, {found.rates[0]:.2g}; begin lower with "
            "--lowest-rate, or try more batches with --steps"
        )
    return (
        f"suggestion: --learning-rate {found.suggestion:.2g}, the lower of where the mean loss falls most "
        "steeply and a tenth of where it is lowest"
    )


def as_json(found: LearningRateSearch) -> str:
    """One object with all rates."""
    columns = zip(COLUMNS, (found.rates, found.losses, found.smoothed), strict=True)
    return json_line({"suggestion": found.suggestion, **{name: each.tolist() for name, each in columns}})


def as_tsv(found: LearningRateSearch) -> str:
    """A line a rate."""
    rows = zip(found.rates.tolist(), found.losses.tolist(), found.smoothed.tolist(), strict=True)
    return "\n".join(tsv_lines(COLUMNS, rows))


STYLES = {"text": as_text, "json": as_json, "tsv": as_tsv}

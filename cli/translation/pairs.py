"""Options of files of pairs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from embedkit.errors import InputError
from embedkit_cli.shared.headings import under

if TYPE_CHECKING:
    from embedkit.translation.pairs import PairedTexts

DATA = "Data"

encoding_option = click.option(
    "--encoding",
    default="utf-8",
    show_default=True,
    metavar="NAME",
    help="Encoding of the text, such as cp1252.",
    **under(DATA),
)


def held_out_pairs(validation: str, targets: Path | None, encoding: str) -> tuple[float, PairedTexts | None]:
    """The fraction of pairs to hold out, or 0 and the pairs of the file that --validation names."""
    from embedkit import read_pairs
    from embedkit.text.datasets.held_out import held_out_fraction

    fraction = held_out_fraction(validation)
    if fraction is None:
        return 0.0, read_pairs(validation, targets, encoding)
    if targets:
        raise InputError(f"--validation-targets belongs to a file of --validation, got {validation}")
    return fraction, None

"""Checks of the rows of labelled texts, and the messages about bad ones."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.columns import Columns
from embedkit.text.datasets.labels import Label

SHOWN = 3  # lines that an error names


def text_cell(cells: Sequence[Any], columns: Columns, name: str, line: int) -> str:
    """The text in a row of a table; `FormatError` with the file and the line if it holds none."""
    text = cells[columns.text]
    if not isinstance(text, str):
        raise FormatError(
            f"{name}, line {line}: expected a text in column {columns.names[columns.text]!r}, got {text!r}"
        )
    return text


def check_rows(
    name: str,
    expected: str,
    texts: Sequence[str],
    labels: Sequence[Label],
    lines: Sequence[int],
    unlabelled: Sequence[int],
) -> None:
    """Raise `InputError` for rows without labels or with one where others have lists; warn of empty texts."""
    if unlabelled:
        raise InputError(
            f"{name}, {named_lines(unlabelled)}: no {expected}; give these texts labels, or leave them out"
        )
    single = [line for line, label in zip(lines, labels, strict=True) if isinstance(label, str)]
    if 0 < len(single) < len(labels):
        raise InputError(
            f"{name}, {named_lines(single)}: expected a list of labels as other rows have, got a single one"
        )
    empty = [line for line, text in zip(lines, texts, strict=True) if not text.strip()]
    if empty:
        warnings.warn(f"{name}: {len(empty)} empty texts, {named_lines(empty)}", UserWarning, stacklevel=4)


def named_lines(lines: Sequence[int]) -> str:
    """Lines as an error names them: "line 3", or "lines 3, 7, 8 and 2 more"."""
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"

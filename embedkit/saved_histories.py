"""`saved_histories`: the learning curves in a file: of a table of curves, of a model, or of vectors."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from embedkit.errors import FormatError, InputError
from embedkit.file_facts import describe_file
from embedkit.models.curves import SUFFIXES

NAME = "model"  # the column that says whose an epoch is
LARGEST = 64_000_000  # bytes of a table of curves


def saved_histories(path: str | Path) -> dict[str, list[dict[str, Any]]]:
    r"""The epochs of each model in a file, by the name of the model.

    Args:
        path: a .csv, .tsv or .json file that --history or `write_curves` wrote, a model that learned in
            epochs, or vectors whose losses were kept.

    Raises:
        InputError: there are none, or the file cannot be read.
        FormatError: a table that is malformed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "curves.csv")
        ...     _ = path.write_text("model,epoch,loss\nlstm,1,0.5\nlstm,2,0.25\n")
        ...     saved_histories(path)
        {'lstm': [{'epoch': 1, 'loss': 0.5}, {'epoch': 2, 'loss': 0.25}]}
    """
    path = Path(path)
    found = _in_table(path) if path.suffix.lower() in SUFFIXES else _in_model(path)
    if not found or not any(found.values()):
        raise InputError(f"{path} has no learning curves: no epoch was kept in it")
    return found


def _in_table(path: Path) -> dict[str, list[dict[str, Any]]]:
    if path.stat().st_size > LARGEST:
        raise InputError(f"expected a table of learning curves, got {path}, which is too large for one")
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = json.loads(text) if path.suffix.lower() == ".json" else _cells(path, text)
    except ValueError as error:
        raise FormatError(f"{path} is no table of learning curves: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FormatError(f"{path} is no table of learning curves: expected a list of objects, one an epoch")
    return _by_model(rows, path.stem)


def _cells(path: Path, text: str) -> list[dict[str, Any]]:
    """The rows of a table; empty cells are None, and all others but those of the model numbers."""
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    rows = csv.DictReader(text.splitlines(), delimiter=delimiter, strict=True)
    try:
        return [{name: cell if name == NAME else _number(cell) for name, cell in row.items()} for row in rows]
    except (TypeError, csv.Error) as error:
        raise ValueError(f"line {rows.line_num}: {error}") from None


def _number(cell: str) -> float | None:
    if not cell:
        return None
    return int(cell) if cell.isdecimal() else float(cell)


def _by_model(rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        own = {key: value for key, value in row.items() if key != NAME}
        found.setdefault(str(row.get(NAME) or name), []).append(own)
    return found


def _in_model(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The epochs that a model tells, or the losses that vectors do."""
    facts = describe_file(path)
    made = facts.get("made") or {}
    losses = made.get("losses") or []
    epochs = facts.get("history") or made.get("history")
    epochs = epochs or [{"epoch": epoch, "loss": loss} for epoch, loss in enumerate(losses, 1)]
    return {path.stem: [dict(epoch) for epoch in epochs]}

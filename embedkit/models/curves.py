"""Learning curves of models as one table, in memory and as a file: a row an epoch."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.files import atomic_file
from embedkit.models.networks.history import Epoch

SUFFIXES = (".csv", ".tsv", ".json")


def curve_columns(histories: Mapping[str, Sequence[Epoch]]) -> dict[str, list[Any]]:
    """The columns of a table, of which data frames are made: "model" and the fields of `Epoch`.

    Args:
        histories: `history_` of models, by their names.

    Example:
        >>> from embedkit.models.networks.history import Epoch
        >>> epoch = Epoch(1, 0.5, 0.75, None, None, 0.625, 0.5, 0.001)
        >>> columns = curve_columns({"lstm": [epoch], "gru": [epoch]})
        >>> columns["model"], columns["validation_loss"]
        (['lstm', 'gru'], [0.625, 0.625])
    """
    rows = [(name, *epoch) for name, epochs in histories.items() for epoch in epochs]
    columns = zip(*rows, strict=True) if rows else ((),) * (1 + len(Epoch._fields))
    return dict(zip(("model", *Epoch._fields), map(list, columns), strict=True))


def check_curves_file(path: Path) -> None:
    """Raise `InputError` for a file that learning curves cannot be written to by its name."""
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"expected the name of a {', '.join(SUFFIXES[:-1])} or .json file, got {path}")


def write_curves(path: Path, histories: Mapping[str, Sequence[Epoch]]) -> None:
    """Write learning curves to a file, which is replaced only once everything is written.

    .csv and .tsv have a line of names, and empty cells for what there was not; .json is a list of objects.

    Args:
        path: the file; its suffix chooses the form.
        histories: `history_` of models, by their names.

    Raises:
        InputError: another suffix, or a path that cannot be written.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from embedkit.models.networks.history import Epoch
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "curves.csv")
        ...     write_curves(path, {"lstm": [Epoch(1, 0.5, 0.75, None, None, 0.625, 0.5, 0.001)]})
        ...     print(path.read_text().splitlines()[1])
        lstm,1,0.5,0.75,,,0.625,0.5,0.001,,,
    """
    check_curves_file(path)
    columns = curve_columns(histories)
    rows = list(zip(*columns.values(), strict=True))
    text = io.StringIO()
    if path.suffix.lower() == ".json":
        json.dump([dict(zip(columns, row, strict=True)) for row in rows], text, indent=1, ensure_ascii=False)
        text.write("\n")
    else:
        delimiter = "," if path.suffix.lower() == ".csv" else "\t"
        csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([list(columns), *rows])
    with atomic_file(path) as stream:
        stream.write(text.getvalue().encode("utf-8", "surrogateescape"))

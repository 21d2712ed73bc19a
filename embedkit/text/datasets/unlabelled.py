"""Unlabelled texts beside labelled ones, read alike and named after their file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.text.datasets.columns import find_columns, with_names
from embedkit.text.datasets.dataset import read_texts
from embedkit.text.datasets.row_checks import text_cell
from embedkit.text.datasets.tables import open_table
from embedkit.text.sources import TEXT_SUFFIXES


@dataclass(frozen=True)
class NamedTexts(Sequence[str]):
    """Texts without labels that know where they are from.

    Args:
        texts: n texts.
        name: of the file.
        columns: a sentence about where in it they were found.
    """

    texts: Sequence[str] = field(repr=False)
    name: str
    columns: str

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: Any) -> Any:
        return self.texts[place]

    def __deepcopy__(self, memo: object) -> NamedTexts:
        """The same texts, which never change: clones of an estimator share them."""
        return self


def read_named_texts(
    path: str | Path,
    *,
    text_column: str | None = None,
    header: bool | None = None,
    quoting: bool | None = None,
    encoding: str = "utf-8",
) -> NamedTexts:
    """The texts of a file that stands beside one of labelled texts, whose columns it may lack.

    Args:
        path: a table or a .txt file, as `read_texts` takes them.
        text_column: the column of texts where there is such a one; else it is found, as if None.
        header: whether the first row of csv or tsv names the columns; found if None.
        quoting: whether quotes enclose cells of csv or tsv; found if None.
        encoding: of the text.

    Raises:
        InputError: no texts.
        FormatError: a line that cannot be read, or that holds no text; it is named.
    """
    path = Path(path)
    if path.is_dir() or path.name.lower().endswith(TEXT_SUFFIXES):
        lines = list(read_texts(path, encoding=encoding))
        if not lines:
            raise InputError(f"{path}: expected a text a line, got none")
        return NamedTexts(lines, str(path), "a text a line")
    table = with_names(open_table(path, encoding=encoding, quoting=quoting), header, (text_column,))
    try:
        columns = find_columns(table, text_column, None, labelled=False)
    except InputError:
        columns = find_columns(table, None, None, labelled=False)
    texts = [text_cell(cells, columns, table.name, line) for line, cells in table.rows()]
    return NamedTexts(texts, str(path), str(columns))

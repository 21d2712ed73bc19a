"""`read_labelled`: labelled texts from tables, lines of text or a folder per class; and unlabelled ones."""

from __future__ import annotations

import hashlib
import json
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.files import check_regular
from embedkit.text.compression import SUFFIXES
from embedkit.text.corpus.structured import warn_of_form
from embedkit.text.datasets.columns import chosen_rows, find_columns, named_value, with_names
from embedkit.text.datasets.fasttext_lines import PREFIX, labelled_lines
from embedkit.text.datasets.frames import frame_table, make_frame
from embedkit.text.datasets.labels import Label, as_labels, label_of
from embedkit.text.datasets.row_checks import SHOWN, check_rows, text_cell
from embedkit.text.datasets.splitting import stratified_split
from embedkit.text.datasets.tables import DataTable, numbered_lines, open_table
from embedkit.text.sources import TEXT_SUFFIXES


@dataclass(frozen=True)
class Labelled:
    """Texts and their labels, in the same order.

    Args:
        texts: n texts.
        labels: n labels, or n tuples of labels if a text may have several.
        name: of the file or the folder.
        columns: a sentence about where in it they were found.

    Example:
        >>> from embedkit import Labelled
        >>> data = Labelled(["a fine film", "what a bore", "fine, and no bore"], ["good", "bad", "good"])
        >>> data.counts
        {'bad': 1, 'good': 2}
        >>> data.subset([0, 2]).labels
        ['good', 'good']
    """

    texts: Sequence[str]
    labels: Sequence[Label]
    name: str = ""
    columns: str = ""

    def __post_init__(self) -> None:
        if len(self.texts) != len(self.labels):
            raise InputError(
                f"{self.name}: expected a label for each of {len(self.texts)} texts, got {len(self.labels)}"
            )

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def multilabel(self) -> bool:
        """Whether a text may have several labels."""
        return any(isinstance(label, tuple) for label in self.labels)

    @property
    def counts(self) -> dict[str, int]:
        """How many texts have each label, in the order of the labels."""
        return dict(sorted(Counter(chain.from_iterable(map(as_labels, self.labels))).items()))

    def describe(self) -> dict[str, Any]:
        """What tells these data from others, ready for JSON; `sha256` is of all texts and labels in order."""
        digest = hashlib.sha256()
        for pair in zip(self.texts, self.labels, strict=True):
            digest.update(json.dumps(pair).encode() + b"\n")
        name = Path(self.name).name
        return {"name": name, "texts": len(self), "labels": self.counts, "sha256": digest.hexdigest()}

    def subset(self, rows: Sequence[int]) -> Labelled:
        """The texts with these numbers."""
        texts, labels = [self.texts[row] for row in rows], [self.labels[row] for row in rows]
        return Labelled(texts, labels, self.name, self.columns)

    def to_frame(self, backend: str) -> Any:
        """The columns "text" and "label" as a data frame of a library; several labels of a text are a list.

        Args:
            backend: "pandas", "polars", "pyarrow" or another library that narwhals knows.

        Raises:
            InputError: there is no such library.
            DependencyError: it is not installed.

        Example:
            >>> from embedkit import Labelled
            >>> Labelled(["a fine film"], ["good"]).to_frame("pyarrow").to_pydict()
            {'text': ['a fine film'], 'label': ['good']}
        """
        labels = [label if isinstance(label, str) else list(label) for label in self.labels]
        return make_frame({"text": list(self.texts), "label": labels}, backend)

    def split(self, fraction: float, seed: int = 1) -> tuple[Labelled, Labelled]:
        """The texts in two parts, the second about `fraction` of each class; see `stratified_split`."""
        kept, held = stratified_split(self.labels, fraction, seed)
        return self.subset(kept.tolist()), self.subset(held.tolist())


def read_labelled(
    source: Any,
    *,
    text_column: str | None = None,
    label_column: str | None = None,
    only: str | None = None,
    label_separator: str | None = None,
    label_end: str | None = None,
    label_first: bool = False,
    header: bool | None = None,
    quoting: bool | None = None,
    encoding: str = "utf-8",
) -> Labelled:
    """The labelled texts in a csv, tsv, jsonl, parquet or txt file, a folder of classes or a data frame.

    Args:
        source: a path, or a data frame of pandas, polars, pyarrow or another library. What a file is, its
            suffix tells; all but parquet may be compressed. A line of a .txt file is a text that begins with
            its labels, as fastText's do (`__label__good fine film`). Of a folder, each .txt file in a
            sub-folder, plain or compressed, is a text whose label is the name of the sub-folder.
        text_column: the name, or the number from 1, of the column of texts; found if None.
        label_column: the same of labels.
        only: leave out all rows of a table but those in which a column holds a value, as "part=train" says.
        label_separator: what parts several labels in a cell; a cell with a JSON list holds several anyway.
        label_end: where the labels that are kept end: with ":" the label "a:b" is "a".
        label_first: whether the first word of each line of a .txt file is its label.
        header: whether the first row of csv or tsv names the columns; found if None.
        quoting: whether quotes enclose cells of csv or tsv; found if None.
        encoding: of the text.

    Raises:
        InputError: no texts, texts without labels, or columns that are not there or cannot be told.
        FormatError: a line that cannot be read; it is named.

    Example:
        >>> import pyarrow
        >>> from embedkit import read_labelled
        >>> frame = pyarrow.table({"review": ["a fine film", "what a bore"], "stars": [5, 1]})
        >>> read_labelled(frame, label_column="stars").labels
        ['5', '1']
    """
    named = (text_column, label_column, only and named_value(only)[0])
    if not isinstance(source, str | Path):
        table = frame_table(source)
        return _read_table(table, table.name, text_column, label_column, only, label_separator, label_end)
    path = Path(source)
    if only is not None and (path.is_dir() or path.name.lower().endswith(TEXT_SUFFIXES)):
        raise InputError(f"{path}: only a table has rows to choose by {only!r}; leave the choice out")
    if path.is_dir():
        return _read_folder(path, encoding)
    if path.name.lower().endswith(TEXT_SUFFIXES):
        return _read_lines(path, encoding, label_first, label_separator, label_end)
    table = with_names(open_table(path, encoding=encoding, quoting=quoting), header, named)
    return _read_table(table, str(path), text_column, label_column, only, label_separator, label_end)


def _read_table(
    table: DataTable,
    name: str,
    text_column: str | None,
    label_column: str | None,
    only: str | None,
    separator: str | None,
    end: str | None,
) -> Labelled:
    """The labelled texts in a table with names."""
    columns = find_columns(table, text_column, label_column)
    texts: list[str] = []
    labels: list[Label] = []
    lines: list[int] = []
    unlabelled: list[int] = []
    for line, cells in chosen_rows(table, only):
        label = label_of(cells[columns.label or 0], separator, end)
        if label is None:
            unlabelled.append(line)
            continue
        texts.append(text_cell(cells, columns, table.name, line))
        labels.append(label)
        lines.append(line)
    expected = f"label in column {columns.names[columns.label or 0]!r}"
    check_rows(table.name, expected, texts, labels, lines, unlabelled)
    return Labelled(texts, labels, name, str(columns))


def read_texts(
    path: str | Path,
    *,
    text_column: str | None = None,
    header: bool | None = None,
    quoting: bool | None = None,
    encoding: str = "utf-8",
) -> Iterator[str]:
    """The texts of a table, as `read_labelled` finds them, or the lines of a .txt file, one by one."""
    path = Path(path)
    if path.is_dir():
        raise InputError(f"expected a file of texts, got the folder {path}; name the files in it")
    if path.name.lower().endswith(TEXT_SUFFIXES):
        check_regular(path)
        warn_of_form(path)
        yield from (line.rstrip("\r\n") for _, line in numbered_lines(path, encoding) if line.strip())
        return
    table = with_names(open_table(path, encoding=encoding, quoting=quoting), header, (text_column,))
    columns = find_columns(table, text_column, None, labelled=False)
    for line, cells in table.rows():
        yield text_cell(cells, columns, table.name, line)


def _read_lines(
    path: Path, encoding: str, label_first: bool, separator: str | None, end: str | None
) -> Labelled:
    """The texts of lines that begin with their labels; if some have several, all are lists of labels."""
    texts: list[str] = []
    labels_of: list[tuple[str, ...]] = []
    lines: list[int] = []
    unlabelled: list[int] = []
    for line, text, words in labelled_lines(path, encoding, label_first):
        parts = [label_of(word, separator, end) for word in words]
        known = [as_labels(part) for part in parts if part is not None]
        if not parts or len(known) < len(parts):
            unlabelled.append(line)
            continue
        texts.append(text)
        labels_of.append(tuple(dict.fromkeys(chain.from_iterable(known))))
        lines.append(line)
    if not (texts or unlabelled):
        raise InputError(f"{path}: expected lines, got an empty file")
    several = separator is not None or any(len(row) > 1 for row in labels_of)
    labels = labels_of if several else [row[0] for row in labels_of]
    check_rows(str(path), "label", texts, labels, lines, unlabelled)
    where = "the first word of each line" if label_first else f"the words that begin with {PREFIX}"
    return Labelled(texts, labels, str(path), f"labels from {where}")


def _read_folder(folder: Path, encoding: str) -> Labelled:
    """The texts of a folder that has a sub-folder a class."""
    classes = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    files = [(path, kind.name) for kind in classes for path in sorted(kind.iterdir()) if _is_text(path)]
    if not files:
        raise InputError(
            f"expected a sub-folder for each class with {TEXT_SUFFIXES[0]} files in it "
            f"(plain or {', '.join(SUFFIXES)}), got the folder {folder} without any"
        )
    texts = ["".join(line for _, line in numbered_lines(path, encoding)) for path, _ in files]
    labels = [label for _, label in files]
    bare = [kind.name for kind in classes if kind.name not in labels]
    if bare:
        warnings.warn(
            f"{folder}: no {TEXT_SUFFIXES[0]} file in {', '.join(bare[:SHOWN])}, so no such class",
            UserWarning,
            stacklevel=3,
        )
    empty = [path for (path, _), text in zip(files, texts, strict=True) if not text.strip()]
    if empty:
        warnings.warn(f"{len(empty)} empty texts, such as {empty[0]}", UserWarning, stacklevel=3)
    return Labelled(texts, labels, str(folder), "labels from the names of sub-folders")


def _is_text(path: Path) -> bool:
    return path.name.lower().endswith(TEXT_SUFFIXES) and not path.name.startswith(".") and path.is_file()

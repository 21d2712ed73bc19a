"""Texts in memory as lines of UTF-8: iterables of strings, columns, data frames and datasets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from embedkit.errors import InputError
from embedkit.frames import read_frame
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.frames import frame_table
from embedkit.text.datasets.tables import DataTable
from embedkit.text.formats.sources import Source, expand
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.table_texts import BATCH, Say, as_lines, find_text_column
from embedkit.text.reading.texts import Texts, is_texts

Sources = str | Path | Texts | Sequence[str | Path | Texts]

LENIENT = "leave strict out to pass over such texts"


def open_sources(sources: Any) -> list[Source]:
    """The files that `sources` name, as `expand` finds them, and the texts among them, in their order."""
    single = isinstance(sources, str | Path) or is_texts(sources)
    if not (single or _is_iterable(sources)):
        raise InputError(f"expected paths or texts, got {sources!r:.80}")
    named = [sources] if single else list(sources)
    return expand(list(map(_path_or_texts, named)))


def _path_or_texts(source: Any) -> str | Path | Source:
    if is_texts(source):
        return TextsSource(source)
    if not isinstance(source, str | Path | Source):
        _check_no_document(source)
        raise InputError(f"expected paths or texts, got {source!r:.80}")
    return source


class TextsSource(Source):
    """A source of texts in memory; its sha256 is that of the texts as lines."""

    def __init__(self, texts: Any) -> None:
        super().__init__(None)
        self.texts = texts if isinstance(texts, Texts) else Texts(texts)

    @property
    def name(self) -> str:
        """What errors call them."""
        return "the texts"

    @property
    def stored_name(self) -> str:
        """What the manifest of a corpus calls them."""
        return "texts"

    def lines(self, reading: Reading, say: Say) -> Iterator[bytes]:
        """The texts as UTF-8, a line each; `say` is told the column of a frame or dataset.

        Raises:
            InputError: something else than texts; no column of texts, or not the one that was named.
            FormatError: with `reading.strict`, anything among the texts that is no string.
        """
        bad = BadRows(self.name, not reading.strict, LENIENT, unit=("text", "number"))
        kept = begin = 0
        for cells, column in self._batches(reading, say, bad):
            texts = [cell for cell in cells if isinstance(cell, str)]
            if len(texts) < len(cells):
                for number, cell in enumerate(cells, begin + 1):
                    if not isinstance(cell, str):
                        _check_no_document(cell)
                        bad.report(number, f"expected a text{column}, got {cell!r:.80}")
            begin += len(cells)
            kept += len(texts)
            lines = as_lines(texts)
            self.count(lines)
            yield lines
        bad.warn(kept)

    def _batches(self, reading: Reading, say: Say, bad: BadRows) -> Iterator[tuple[list[Any], str]]:
        """What should be texts, in parts, and where it stands: " in column 'review'"."""
        texts, name = self.texts.texts, self.texts.text_column
        if (opened := _opened(texts, bad)) is not None:
            table, cells_of = opened
            columns = find_text_column(table, reading.text_column if name is None else name)
            say(self.name, columns)
            for cells in cells_of(columns.text):
                yield cells, f" in column {columns.quoted(columns.text)}"
        elif name is not None:
            raise InputError(
                f"expected a frame or a dataset with a column {name!r}, got texts without columns"
            )
        else:
            yield from ((cells, "") for cells in _batches_of(texts))


Opened = tuple[DataTable, Callable[[int], Iterator[list[Any]]]]  # and the cells of a column, in parts


def _opened(texts: Any, bad: BadRows) -> Opened | None:
    """The beginning of a frame or a dataset; None of texts without columns."""
    if isinstance(texts, Mapping):
        splits = ", ".join(map(repr, texts))
        raise InputError(f"expected texts, got a {type(texts).__name__} of {splits}; give one of these")
    if hasattr(texts, "column_names") and hasattr(texts, "iter"):
        return _dataset(texts, bad)
    if hasattr(type(texts), "columns") or (hasattr(texts, "__arrow_c_stream__") and not _is_iterable(texts)):
        return _frame(texts, bad)
    return None


def _frame(frame: Any, bad: BadRows) -> Opened:
    """A data frame of any library."""
    data = read_frame(frame, "texts, or a data frame with a column of texts")

    def cells(place: int) -> Iterator[list[Any]]:
        column = data[data.columns[place]]
        return (column[start : start + BATCH].to_list() for start in range(0, len(column), BATCH))

    return replace(frame_table(frame), bad=bad, name=bad.name), cells


def _dataset(dataset: Any, bad: BadRows) -> Opened:
    """A dataset of Hugging Face, whose columns of other types than strings are not read."""
    features = dataset.features or {}
    strings = [name for name, feature in features.items() if "string" in str(getattr(feature, "dtype", None))]
    parts = dataset.with_format(None)
    parts = (parts.select_columns(strings) if strings else parts).iter(BATCH)
    first = next(parts, None)
    if first is None:
        raise InputError(f"{bad.name}: expected texts, got an empty dataset")
    names = tuple(features or first)
    columns = [first.get(name, [None] * len(next(iter(first.values())))) for name in names]
    sample = [(number, list(cells)) for number, cells in enumerate(zip(*columns, strict=True), 1)]

    def cells(place: int) -> Iterator[list[Any]]:
        if (name := names[place]) not in first:
            found = ", ".join(map(repr, strings))
            raise InputError(f"{bad.name}: column {name!r} holds no strings; those that do are {found}")
        return (list(part[name]) for part in chain([first], parts))

    return DataTable(bad.name, names, sample, iter([]), bad), cells


def _batches_of(texts: Any) -> Iterator[list[Any]]:
    """The items of a column of any library, or of any other iterable, in parts."""
    if isinstance(texts, str | bytes) or not _is_iterable(texts):
        raise InputError(f"expected an iterable of texts, got {texts!r:.80}; give a list of them")
    items = iter(texts.to_pylist() if hasattr(texts, "to_pylist") else texts)
    while batch := list(islice(items, BATCH)):
        yield batch


def _is_iterable(texts: Any) -> bool:
    return isinstance(texts, Iterable)


def _check_no_document(item: Any) -> None:
    if isinstance(item, list | tuple):
        raise InputError(
            f"expected texts as strings, got the list {item!r:.80}; documents that are lists of words are "
            "for Corpus.from_documents"
        )

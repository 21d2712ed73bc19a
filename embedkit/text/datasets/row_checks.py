"""Checks of the rows of labeled texts, and the messages about bad ones."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import compress
from typing import Any

from embedkit.errors import InputError
from embedkit.text.datasets.bad_rows import SKIP, BadRows, named_lines
from embedkit.text.datasets.columns import Columns
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.label_values import are_measures, number_of
from embedkit.text.datasets.labels import Label
from embedkit.text.label_words import without_labels
from embedkit.text.tokenization.pretokenized import joined_tokens

MAX_MEASURES = 20  # different fractions, or dates, that may be classes if somebody names their column


class LabeledRows:
    """Texts and labels, row by row.

    Args:
        bad: what to do about rows without a label, and of one kind of labels where most have the other.
        expected: what rows must have, such as "label in column 'label'".
    """

    def __init__(self, bad: BadRows, expected: str) -> None:
        self._bad, self._expected = bad, expected
        self._texts: list[str] = []
        self._labels: list[Label] = []
        self._lines: list[int] = []
        self._unlabeled: list[int] = []

    def add(self, line: int, text: str, label: Label | None) -> None:
        """Take in a text and its label, None for one without."""
        if label is None:
            self._unlabeled.append(line)
            return
        self._texts.append(text)
        self._labels.append(label)
        self._lines.append(line)

    def finish(self, columns: str) -> Labeled:
        """All rows, found in `columns`; warns of empty texts and of rows that were left out.

        Raises:
            InputError: rows without labels that are not to be left out, or with one where others have lists.
        """
        name = self._bad.name
        self._refuse(self._unlabeled, f"no {self._expected}; give these texts labels")
        lists = [not isinstance(label, str) for label in self._labels]
        if any(lists) and not all(lists):
            single = [line for line, several in zip(self._lines, lists, strict=True) if not several]
            self._refuse(single, "expected a list of labels as other rows have, got a single one")
            self._texts = list(compress(self._texts, lists))
            self._labels = list(compress(self._labels, lists))
            self._lines = list(compress(self._lines, lists))
        self._bad.warn(len(self._texts))
        empty = [line for line, text in zip(self._lines, self._texts, strict=True) if not text.strip()]
        if empty:
            message = f"{name}: {len(empty)} empty texts, {named_lines(empty)}"
            warnings.warn(message, UserWarning, stacklevel=4)
        return Labeled(self._texts, self._labels, name, columns)

    def _refuse(self, lines: Sequence[int], problem: str) -> None:
        """Raise `InputError` about these rows, or note that they are left out."""
        if lines and not self._bad.skip:
            raise InputError(f"{self._bad.name}, {named_lines(lines)}: {problem}; {SKIP}")
        for line in lines:
            self._bad.report(line, problem)


def text_cell(cells: Sequence[Any], columns: Columns, bad: BadRows, line: int) -> str | None:
    """The text in a row of a table, without fastText's labels; one that holds none is bad, and gives None.

    A list of tokens or of token ids, as JSON lines and parquet have them, gives `JoinedTokens`.
    """
    text = cells[columns.text]
    if isinstance(text, str):
        return without_labels(text)
    if isinstance(text, list):
        try:
            return joined_tokens([text])[0]
        except InputError as error:
            bad.report(line, str(error).replace(" in text 0 (counted from 0)", ""))
            return None
    bad.report(line, f"expected a text in column {columns.quoted(columns.text)}, got {text!r:.80}")
    return None


def number_cell(cells: Sequence[Any], columns: Columns, bad: BadRows, line: int) -> bool:
    """Whether the label in a row of a table is a number; a row of which it is none is bad."""
    label = cells[columns.label or 0]
    if number_of(label) is None:
        column = columns.quoted(columns.label or 0)
        bad.report(line, f"expected a finite number in column {column}, got {label!r:.40}")
        return False
    return True


def checked_numbers_of(data: Labeled) -> Labeled:
    """The same data; `InputError` for labels that are no numbers."""
    wrong = next((label for label in data.labels if number_of(label) is None), None)
    if wrong is not None:
        raise InputError(f"{data.name}: expected numbers as labels, got {wrong!r:.40}")
    return data


def check_classes(data: Labeled, column: str, named: bool) -> None:
    """Raise `InputError` for labels that are dates or numbers with fractions, which are no classes.

    A few of them may be, such as half stars, if somebody `named` the column.
    """
    if data.multilabel or not are_measures(data.counts):
        return
    some = next(label for label in data.counts if are_measures([label]))
    if not named:
        raise InputError(
            f"{data.name}: expected labels of classes, got dates or numbers with fractions such as {some!r} "
            f"in column {column}; name the column of labels (--label-column), this one if they are classes"
        )
    if len(data.counts) > max(MAX_MEASURES, len(data) / 2):
        raise InputError(
            f"{data.name}: expected labels of classes, got {len(data.counts):,} different dates or numbers "
            f"with fractions such as {some!r} in column {column}; make classes of them"
        )


def warn_of_nameless(name: str, lines: Sequence[int]) -> None:
    """Warn of rows with text in columns whose header is empty: what stands there is not read."""
    if lines:
        message = f"{name}: {len(lines):,} rows with text in columns without a name, which is not read"
        warnings.warn(f"{message}, {named_lines(lines)}", UserWarning, stacklevel=4)

"""Lines of text that begin with their labels, in fastText's format and a simpler one.

fastText's lines begin with words such as `__label__good`, each a label of the text; in the other layout the
first word of a line is its only label: `DESC:manner How did serfdom develop ?`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from embedkit.errors import InputError
from embedkit.text.datasets.tables import numbered_lines

PREFIX = "__label__"

LabelledLine = tuple[int, str, list[str]]  # the number of a line, from 1, its text and its labels


def labelled_lines(path: Path, encoding: str, label_first: bool) -> Iterator[LabelledLine]:
    """The lines of a .txt file that are not blank.

    Args:
        path: the file, plain or compressed.
        encoding: of the text.
        label_first: whether the first word of each line is its label; if not, the words that begin with
            `PREFIX` are, and may be any number at the beginning of a line.

    Raises:
        InputError: a file without any label, if they are those of fastText.
        FormatError: a line that is not in this encoding.
    """
    some = False
    for number, line in numbered_lines(path, encoding):
        if not line.strip():
            continue
        text, labels = _first_word(line) if label_first else _prefixed(line)
        if not (some or labels):
            raise InputError(
                f"{path}, line {number}: expected lines of a .txt file to begin with {PREFIX} and a label; "
                "if the first word of each line is its label, say so (--label-first)"
            )
        some = True
        yield number, text, labels


def _first_word(line: str) -> tuple[str, list[str]]:
    """The line "good a fine film" gives ("a fine film", ["good"])."""
    label, *rest = line.split(maxsplit=1)
    return "".join(rest).rstrip("\r\n"), [label]


def _prefixed(line: str) -> tuple[str, list[str]]:
    """The line "__label__a __label__b fine" gives ("fine", ["a", "b"])."""
    labels, rest = [], line.strip()
    while rest.startswith(PREFIX):
        label, *more = rest.split(maxsplit=1)
        labels.append(label.removeprefix(PREFIX))
        rest = "".join(more)
    return rest, labels

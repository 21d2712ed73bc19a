"""Lines of text that hold their labels, in fastText's format and a simpler one.

fastText's lines hold words such as `__label__good`, each a label of the text; in the other layout the first
word of a line is its only label: `DESC:manner How did serfdom develop ?`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from pathlib import Path

from embedkit.errors import InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.dataset import Labeled
from embedkit.text.datasets.labels import Label, as_labels, label_of
from embedkit.text.datasets.lines import numbered_lines
from embedkit.text.datasets.row_checks import LabeledRows
from embedkit.text.label_words import PREFIX, split_labels


def read_labeled_lines(
    path: Path, encoding: str, label_first: bool, separator: str | None, end: str | None, skip_bad_rows: bool
) -> Labeled:
    """The texts of the lines of a .txt file that are not blank; if some have several labels, all have lists.

    Args:
        path: the file, plain or compressed.
        encoding: of the text.
        label_first: whether the first word of each line is its label; if not, the words that begin with
            `PREFIX` are, and may be any number.
        separator: what parts several labels in a word.
        end: where the labels that are kept end.
        skip_bad_rows: leave lines out that have no label or are not in this encoding.

    Raises:
        InputError: an empty file, one without any label, if they are those of fastText, or lines without.
        FormatError: a line that is not in this encoding.
    """
    bad = BadRows(str(path), skip_bad_rows)
    lines: list[tuple[int, str, tuple[str, ...] | None]] = []
    for number, line in numbered_lines(path, encoding, bad):
        if line.strip():
            text, words = _first_word(line) if label_first else split_labels(line)
            lines.append((number, text, _labels(tuple(words), separator, end)))
            if len(lines) == 1 and not (words or skip_bad_rows):
                raise InputError(
                    f"{path}, line {number}: expected lines of a .txt file to begin with {PREFIX} and a "
                    "label; if the first word of each line is its label, say so (--label-first)"
                )
    if not lines:
        bad.warn(0)
        raise InputError(f"{path}: expected lines, got an empty file")
    several = separator is not None or any(labels is not None and len(labels) != 1 for _, _, labels in lines)
    rows = LabeledRows(bad, "label")
    for number, text, labels in lines:
        label: Label | None = labels if several or labels is None else labels[0]
        rows.add(number, text, label)
    where = "the first word of each line" if label_first else f"the words that begin with {PREFIX}"
    return rows.finish(f"labels from {where}")


def _first_word(line: str) -> tuple[str, list[str]]:
    """The line "good a fine film" gives ("a fine film", ["good"])."""
    label, *rest = line.split(maxsplit=1)
    return "".join(rest).rstrip("\r\n"), [label]


@lru_cache(1 << 14)
def _labels(words: tuple[str, ...], separator: str | None, end: str | None) -> tuple[str, ...] | None:
    """The labels that words are, each once; None if there is no word, or one that is no label."""
    known = [as_labels(label) for word in words if (label := label_of(word, separator, end)) is not None]
    return tuple(dict.fromkeys(chain.from_iterable(known))) if known and len(known) == len(words) else None

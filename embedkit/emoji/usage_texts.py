"""Texts with the emoji that stand in or beside them, in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embedkit.text.datasets.unlabeled import read_rows, read_texts
from embedkit.text.emoji import find_emoji
from embedkit.text.formats.sources import TEXT_SUFFIXES


def usage_texts(path: Path, label_first: bool = False, **reading: Any) -> Iterator[str]:
    """The lines of a .txt file, or the texts of a table, each with the emoji in its other columns.

    Args:
        path: the file.
        label_first: whether the first word of each line of a .txt file is a label.
        reading: how it is read otherwise, as `read_texts` takes it.
    """
    if path.is_dir() or path.name.lower().endswith(TEXT_SUFFIXES):
        yield from read_texts(path, label_first=label_first, **reading)
        return
    for text, others in read_rows(path, **reading):
        beside = (occurrence.emoji for cell in others for occurrence in find_emoji(str(cell)))
        yield " ".join([text, *beside])

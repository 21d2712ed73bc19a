"""Options of files of texts, labeled or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from embedkit.hyperparameters import described


@dataclass(frozen=True, kw_only=True)
class TextFileOptions:
    """How texts are found in a file; each field is an option of the commands that read some."""

    text_column: str | None = described(None, "column of texts, by name or number; default: guessed")
    label_first: bool = described(
        False, "the first word of each line of a .txt file is its label, without __label__"
    )
    header: bool | None = described(
        None, "the first row of a .csv or .tsv file has the column names; default: detected"
    )
    quoting: bool | None = described(None, "cells of a .csv or .tsv file may be quoted; default: detected")
    encoding: str = described("utf-8", "encoding of the text, such as cp1252")
    skip_bad_rows: bool = described(
        False, "leave out rows that cannot be read, with a warning that counts them"
    )

    def texts(self, path: Path) -> Iterator[str]:
        """The texts in `path`, one by one, without labels in its lines."""
        from embedkit.text.datasets.unlabeled import read_texts

        return read_texts(path, **asdict(self))

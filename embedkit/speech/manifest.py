"""`read_manifest`: a table of recordings and transcripts, as what is learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from embedkit.errors import FormatError, InputError
from embedkit.text.datasets.headers import with_names
from embedkit.text.datasets.splitting import check_fraction
from embedkit.text.datasets.tables import DataTable, open_table

FILE_NAMES = "file", "path", "recording", "audio", "wav", "filename", "file_name"
TRANSCRIPT_NAMES = "transcript", "transcription", "text", "sentence", "words", "label"


@dataclass(frozen=True)
class SpeechManifest:
    """Recordings and what is said in them.

    Args:
        name: of the table.
        paths: the files of sound.
        transcripts: what is said in each.
    """

    name: str
    paths: tuple[Path, ...]
    transcripts: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def split(self, fraction: float, seed: int) -> tuple[SpeechManifest, SpeechManifest]:
        """Two parts in the order of the table, the second of them a `fraction` drawn at random.

        Raises:
            InputError: a fraction that is too large, or too small for any recording.
        """
        check_fraction(fraction)
        count = round(fraction * len(self))
        if not 0 < count < len(self):
            raise InputError(
                f"{self.name}: a fraction of {fraction:g} of {len(self)} recordings leaves none to hold out, "
                "or none to learn from; give another one"
            )
        held = {*np.random.default_rng(seed).permutation(len(self))[:count].tolist()}
        parts = ([number for number in range(len(self)) if (number in held) == out] for out in (False, True))
        first, second = (
            SpeechManifest(
                self.name,
                tuple(self.paths[number] for number in part),
                tuple(self.transcripts[number] for number in part),
            )
            for part in parts
        )
        return first, second

    def describe(self) -> dict[str, Any]:
        """What there is, ready for JSON."""
        words = [word for text in self.transcripts for word in text.split()]
        return {
            "name": Path(self.name).name,
            "recordings": len(self),
            "words": len(words),
            "vocabulary": len({*words}),
        }


def read_manifest(
    path: str | Path,
    *,
    file_column: str | None = None,
    transcript_column: str | None = None,
    encoding: str = "utf-8",
) -> SpeechManifest:
    r"""The recordings and transcripts that a .csv, .tsv, .jsonl or .parquet file lists.

    Args:
        path: the table; paths in it are relative to its folder.
        file_column: the column of paths, by name, or by number from 1; None for a usual name, or the first.
        transcript_column: that of transcripts; None for a usual name, or the second.
        encoding: of the table.

    Raises:
        InputError: there is no such table, column or recording.
        FormatError: a row that cannot be read.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> from embedkit import read_manifest
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Path(folder, "7.wav").touch()
        ...     _ = Path(folder, "all.csv").write_text("file,transcript\n7.wav,seven\n")
        ...     manifest = read_manifest(Path(folder, "all.csv"))
        >>> manifest.transcripts, manifest.paths[0].name
        (('seven',), '7.wav')
    """
    path = Path(path)
    table = open_table(path, encoding=encoding)
    if table.columns is None:
        first = [str(cell).strip().lower() for cell in table.sample[0][1]]
        asked = {name for name in (file_column, transcript_column) if name and not name.isdecimal()}
        header = bool({*FILE_NAMES} & {*first} or {name.lower() for name in asked} & {*first})
        table = with_names(table, header)
    else:
        table = replace(table, columns=tuple(map(str, table.columns)))
    files = _place(table, file_column, FILE_NAMES, "file", 0)
    texts = _place(table, transcript_column, TRANSCRIPT_NAMES, "transcript", 1)
    if files == texts:
        raise InputError(f"{path}: file and transcript are the same column; name another")
    rows = [(line, str(cells[files]), str(cells[texts])) for line, cells in table.rows()]
    return SpeechManifest(
        str(path),
        tuple(_found(path, line, name) for line, name, _ in rows),
        tuple(text for _, _, text in rows),
    )


def _place(table: DataTable, asked: str | None, usual: tuple[str, ...], role: str, place: int) -> int:
    """The number of a column, from 0."""
    columns = table.columns or ()
    if asked is not None:
        if asked in columns:
            return columns.index(asked)
        if asked.isdecimal() and 1 <= int(asked) <= len(columns):
            return int(asked) - 1
    lower = [column.lower() for column in columns]
    found = [lower.index(name) for name in usual if name in lower]
    if asked is None and (found or len(columns) == 2):
        return found[0] if found else place
    raise InputError(
        f"{table.name}: expected a column of the {role}s, got the columns {', '.join(columns)}; name it "
        f"(--{role}-column)"
    )


def _found(manifest: Path, line: int, name: str) -> Path:
    """The file that a row names."""
    found = manifest.parent / name.strip()
    if not name.strip() or not found.is_file():
        raise FormatError(f"{manifest}, line {line}: there is no recording {str(found)!r}")
    return found

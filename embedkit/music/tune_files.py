"""Tunes in files and folders, of ABC notation or MIDI, and which of them cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.music.abc_reader import read_abc
from embedkit.music.checks import tune_problems
from embedkit.music.midi import read_midi
from embedkit.music.tune import Tune

ABC, MIDI = (".abc",), (".mid", ".midi")
MAX_BYTES = 256 << 20  # of a file of ABC


class ReadTunes(NamedTuple):
    """The valid tunes of files, and of all others the name with the first problem."""

    tunes: list[Tune]
    left_out: list[str]


def read_tunes(paths: Sequence[str | Path]) -> ReadTunes:
    r"""The tunes of .abc, .mid and .midi files, and of all such files in folders, in order.

    Raises:
        InputError: no such file, one of another kind, or none of whose tunes is valid.
        DependencyError: a MIDI file, and mido is not installed.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from embedkit import read_tunes
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "two.abc")
        ...     good, short = "X:1\nT:Good\nM:2/4\nK:G\nG2A2|\n", "X:2\nT:Short\nM:2/4\nK:G\nG|A|B|\n"
        ...     _ = path.write_text(good + short)
        ...     found = read_tunes([path])
        >>> [tune.title for tune in found.tunes], found.left_out
        (['Good'], ['Short: bar 2 has 1/2 eighths, its metre 4'])
    """
    tunes: list[Tune] = []
    left_out: list[str] = []
    for path in _files(paths):
        for tune in _read(path, left_out):
            if problems := tune_problems(tune):
                left_out.append(f"{tune.title or path.name}: {problems[0]}")
            else:
                tunes.append(tune)
    if not tunes:
        first = f"; the first problem: {left_out[0]}" if left_out else ""
        raise InputError(
            f"expected tunes in {', '.join(map(str, paths)):.200}, got none that is valid{first}"
        )
    return ReadTunes(tunes, left_out)


def _read(path: Path, left_out: list[str]) -> Iterator[Tune]:
    """The tunes of a file; one of MIDI that cannot be used is left out."""
    if path.suffix.lower() in MIDI:
        try:
            yield read_midi(path)
        except FormatError as error:
            left_out.append(str(error))
        return
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path}: expected a file of at most {MAX_BYTES:,} bytes")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    yield from read_abc(text)


def _files(paths: Sequence[str | Path]) -> Iterator[Path]:
    """The files, those of folders sorted by name."""
    for path in map(Path, paths):
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.suffix.lower() in ABC + MIDI)
        elif not path.is_file():
            raise InputError(f"cannot read {path}: No such file or directory")
        elif path.suffix.lower() not in ABC + MIDI:
            raise InputError(f"expected files of {', '.join(ABC + MIDI)}, got {path}")
        else:
            yield path

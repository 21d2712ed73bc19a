"""Tunes written to folders: as MIDI, and drawn as notes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from embedkit.errors import InputError
from embedkit.music.melody import played_notes
from embedkit.music.midi import load_mido, write_midi
from embedkit.music.tune import Tune, metre_length
from embedkit.plots.canvas import check_matplotlib
from embedkit.plots.piano_roll import write_piano_roll


def write_tunes(tunes: Sequence[Tune], midi: Path | None = None, plots: Path | None = None) -> None:
    """Write tune1.mid, tune2.mid, ... to a folder, and pictures of the notes to another, if they are given.

    Raises:
        InputError: a folder that cannot be made or written to.
        DependencyError: what writes them is not installed: mido or matplotlib.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write_tunes([Tune.from_line("M:2/4 K:G G2 A B | c2 d2 ||")], midi=Path(folder))
        ...     [path.name for path in Path(folder).iterdir()]
        ['tune1.mid']
    """
    for folder, needs in ((midi, load_mido), (plots, check_matplotlib)):
        if folder:
            needs()
            _make(folder)
    for number, tune in enumerate(tunes, 1):
        if midi:
            write_midi(midi / f"tune{number}.mid", tune)
        if plots:
            notes = [(float(note.start), float(note.length), note.pitch) for note in played_notes(tune)]
            bar, title = (
                metre_length(tune.metre) or Fraction(8),
                f"{tune.title or f'Tune {number}'}, {tune.key}",
            )
            write_piano_roll(plots / f"tune{number}.png", notes, float(bar), title)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {folder}: {error.strerror}") from error

"""Tunes written to folders: as MIDI, and drawn as notes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from embedkit.errors import InputError
from embedkit.music.melody import played_notes
from embedkit.music.midi import load_mido, write_midi
from embedkit.music.tune import BAR_LINES, EIGHTHS, Tune, metre_length, note_length
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
            draw_tune(plots / f"tune{number}.png", tune, tune.title or f"Tune {number}")


def draw_tune(path: Path, tune: Tune, title: str) -> None:
    """Draw the notes of a tune as they sound, with its bars behind the upbeat; errors are the same."""
    notes, bar = played_notes(tune), metre_length(tune.metre) or Fraction(EIGHTHS)
    first = next((i for i, token in enumerate(tune.tokens) if token in BAR_LINES), len(tune.tokens))
    upbeat = sum((note_length(token) or Fraction(0) for token in tune.tokens[:first]), Fraction(0)) % bar
    end = max(note.start + note.length for note in notes)
    bars = [float(upbeat + number * bar) for number in range(int((end - upbeat) / bar) + 1)]
    drawn = [(float(note.start), float(note.length), note.pitch) for note in notes]
    write_piano_roll(path, drawn, bars, f"{title}, {tune.metre}, {tune.key}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {folder}: {error.strerror}") from error

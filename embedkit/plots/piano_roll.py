"""A melody drawn as notes: pitch by time, as on the roll of a player piano."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from embedkit.errors import InputError
from embedkit.plots.bars import COLORS
from embedkit.plots.canvas import new_figure, write_figure

HEIGHT, INCHES, MIN_WIDTH, MAX_WIDTH = 3.2, 0.09, 5.0, 24.0  # inches: of all, of an eighth, across
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
THICKNESS = 0.8  # of a note, in semitones


def write_piano_roll(
    path: Path, notes: Sequence[tuple[float, float, int]], bars: Sequence[float], title: str
) -> None:
    """Draw notes and write a file.

    Args:
        path: the file.
        notes: of each where it begins, its length, and its MIDI pitch.
        bars: where upright lines stand.
        title: above the picture.

    Raises:
        InputError: no notes, or a path that cannot be written.
        DependencyError: matplotlib is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "tune.png")
        ...     write_piano_roll(path, [(0, 2, 67), (2, 1, 71)], [2], "A tune")
        ...     path.read_bytes()[1:4]
        b'PNG'
    """
    if not notes:
        raise InputError("expected notes to draw, got none")
    starts, lengths, pitches = zip(*notes, strict=True)
    end = max(start + length for start, length, _ in notes)
    figure = new_figure(min(MAX_WIDTH, max(MIN_WIDTH, 1 + INCHES * end)), HEIGHT)
    figure.suptitle(title, parse_math=False)
    ax = figure.subplots()
    for place in bars:
        ax.axvline(place, color="#dddddd", linewidth=0.8, zorder=0)
    ax.barh(pitches, lengths, THICKNESS, starts, color=COLORS[0], edgecolor="white", linewidth=0.5)
    low, high = min(pitches), max(pitches)
    shown = [pitch for pitch in range(low, high + 1) if "#" not in NAMES[pitch % 12]]
    ax.set_yticks(shown, [f"{NAMES[pitch % 12]}{pitch // 12 - 1}" for pitch in shown], fontsize="small")
    ax.set(xlabel="eighths", xlim=(0, end), ylim=(low - 1, high + 1))
    ax.spines[["top", "right"]].set_visible(False)
    write_figure(figure, path)

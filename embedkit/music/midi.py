"""Tunes to and from files of MIDI, through `mido`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.files import atomic_file
from embedkit.music.melody import MIDDLE_C, STEPS, PlayedNote, key_sharps, key_steps, played_notes
from embedkit.music.tune import Tune, metre_length, written_length

TICKS = 480  # of a quarter
EIGHTH = TICKS // 2
TEMPO, MIN_TEMPO, MAX_TEMPO = 120, 10, 600  # quarters a minute
VELOCITY = 80
GRID = (4, 3)  # parts of an eighth that notes which are read begin and end at
MAX_BYTES = 16 << 20  # of a file that is read
DEFAULT_METRE, DEFAULT_KEY = "4/4", "C"
SHARP = {1: "C", 3: "D", 6: "F", 8: "G", 10: "A"}  # letters that are raised
FLAT = {1: "D", 3: "E", 6: "G", 8: "A", 10: "B"}  # letters that are lowered


def write_midi(path: Path, tune: Tune, tempo: int = TEMPO) -> None:
    """Write a tune as it sounds, with its metre, key and title, as a file of one track.

    Args:
        path: the file.
        tune: a valid one.
        tempo: quarters a minute.

    Raises:
        InputError: a tempo out of range, or a path that cannot be written.
        DependencyError: mido is not installed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from embedkit.music.midi import read_midi, write_midi
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "tune.mid")
        ...     write_midi(path, Tune.from_line("M:3/4 K:G G2 B2 d2 | ^d3 e3 ||"))
        ...     read_midi(path).line
        'M:3/4 K:G G2 B2 d2 | ^d3 e3 ||'
    """
    mido = load_mido()
    if not MIN_TEMPO <= tempo <= MAX_TEMPO:
        raise InputError(f"expected a tempo from {MIN_TEMPO} to {MAX_TEMPO} quarters a minute, got {tempo}")
    beats, unit = map(int, tune.metre.split("/"))
    track = mido.MidiTrack(
        [
            mido.MetaMessage("track_name", name=tune.title.encode("latin-1", "replace").decode("latin-1")),
            mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(tempo)),
            mido.MetaMessage("time_signature", numerator=beats, denominator=unit),
            mido.MetaMessage("key_signature", key=_signature(tune.key)),
        ]
    )
    now = 0
    for note in played_notes(tune):
        begin, end = (round(place * EIGHTH) for place in (note.start, note.start + note.length))
        track.append(mido.Message("note_on", note=note.pitch, velocity=VELOCITY, time=begin - now))
        track.append(mido.Message("note_off", note=note.pitch, velocity=0, time=end - begin))
        now = end
    file = mido.MidiFile(type=0, ticks_per_beat=TICKS, tracks=[track])
    with atomic_file(path) as stream:
        file.save(file=stream)


def read_midi(path: Path) -> Tune:
    """The melody of the first track that has notes; of notes that sound together the highest.

    Raises:
        InputError: a file that cannot be read.
        FormatError: it is no MIDI, or has no notes.
        DependencyError: mido is not installed.
    """
    mido = load_mido()
    try:
        content = path.read_bytes()[: MAX_BYTES + 1]
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise FormatError(f"{path}: expected a MIDI file of at most {MAX_BYTES:,} bytes")
    try:
        file = mido.MidiFile(file=io.BytesIO(content))
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        raise FormatError(f"{path} is no MIDI file that can be read: {error}") from error
    metre, key = _headers(file)
    for track in file.tracks:
        if notes := _melody(track, file.ticks_per_beat):
            return Tune(metre, key, list(_bars(notes, metre, key)), path.stem)
    raise FormatError(f"{path} has no notes")


def load_mido() -> Any:
    """The package; `DependencyError` if it is not installed."""
    try:
        import mido
    except ImportError as error:
        raise DependencyError(
            "MIDI needs mido, which is not installed; pip install 'embedkit[music]'"
        ) from error
    return mido


def _signature(key: str) -> str:
    """The key as MIDI names it: the major or minor one of as many sharps."""
    names = ("Cb", "Gb", "Db", "Ab", "Eb", "Bb", "F", "C", "G", "D", "A", "E", "B", "F#", "C#")
    minors = (
        "Abm",
        "Ebm",
        "Bbm",
        "Fm",
        "Cm",
        "Gm",
        "Dm",
        "Am",
        "Em",
        "Bm",
        "F#m",
        "C#m",
        "G#m",
        "D#m",
        "A#m",
    )
    sharps = max(-7, min(7, key_sharps(key)))
    return (minors if key.endswith("m") else names)[sharps + 7]


def _headers(file: Any) -> tuple[str, str]:
    """The first metre and key, or the usual ones."""
    metre, key = DEFAULT_METRE, DEFAULT_KEY
    for message in reversed([message for track in file.tracks for message in track if message.is_meta]):
        if message.type == "time_signature":
            metre = f"{message.numerator}/{message.denominator}"
        elif message.type == "key_signature":
            key = message.key
    return (metre if metre_length(metre) else DEFAULT_METRE), key


def _melody(track: Any, ticks: int) -> list[PlayedNote]:
    """The notes of a track, one at a time, on the grid."""
    now, begun, found = 0, dict[int, int](), list[tuple[int, int, int]]()
    for message in track:
        now += message.time
        if message.type not in ("note_on", "note_off"):
            continue
        if message.type == "note_on" and message.velocity:
            begun.setdefault(message.note, now)
        elif message.note in begun:
            found.append((begun.pop(message.note), now, message.note))
    notes: list[PlayedNote] = []
    for begin, end, pitch in sorted(found, key=lambda note: (note[0], -note[2])):
        start, stop = _on_grid(begin, ticks), _on_grid(end, ticks)
        if notes and start <= notes[-1].start:
            continue
        if notes and notes[-1].start + notes[-1].length > start:
            notes[-1] = notes[-1]._replace(length=start - notes[-1].start)
        if stop > start:
            notes.append(PlayedNote(start, stop - start, pitch))
    return notes


def _on_grid(place: int, ticks: int) -> Fraction:
    """A place in eighths, the nearest on the grid."""
    exact = Fraction(2 * place, max(1, ticks))
    return min((Fraction(round(exact * parts), parts) for parts in GRID), key=lambda near: abs(near - exact))


def _bars(notes: list[PlayedNote], metre: str, key: str) -> Iterator[str]:
    """The tokens of notes: rests between them, bar lines, and ties over these."""
    bar, now, steps = metre_length(metre) or Fraction(8), Fraction(0), key_steps(key)
    altered: dict[str, int] = {}
    for note in notes:
        pieces = [(None, note.start - now), (note.pitch, note.length)]
        for pitch, length in pieces:
            left = length
            while left:
                own = min(left, bar - now % bar)
                left, now = left - own, now + own
                name = "z" if pitch is None else _spelled(pitch, steps, altered)
                yield name + written_length(own) + ("-" if left and pitch is not None else "")
                if now % bar == 0 and not (left == 0 and note is notes[-1] and pitch is not None):
                    yield "|"
                    altered.clear()
    yield "||"


def _spelled(pitch: int, key: dict[str, int], altered: dict[str, int]) -> str:
    """A pitch as ABC writes it in a key, behind what was altered in the bar."""
    step = (pitch - MIDDLE_C) % 12
    names = {(STEPS[letter] + key.get(letter, 0)) % 12: letter for letter in STEPS}
    naturals = {value: letter for letter, value in STEPS.items()}
    others = FLAT if -1 in key.values() else SHARP
    letter = names.get(step) or naturals.get(step) or others[step]
    alteration = (step - STEPS[letter] + 6) % 12 - 6
    octave = (pitch - MIDDLE_C - STEPS[letter] - alteration) // 12
    name = letter.lower() + "'" * (octave - 1) if octave > 0 else letter + "," * -octave
    if alteration == altered.get(name, key.get(letter, 0)):
        return name
    altered[name] = alteration
    return {1: "^", -1: "_", 0: "="}[alteration] + name

"""The notes of a tune as they sound: pitches by key and accidentals, repeats played, ties joined."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from embedkit.music.tune import BAR_LINES, FIELD, NOTE, Tune, note_length

TONICS = {"C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5, "F": -1}  # sharps of major keys
MODES = {"": 0, "m": -3, "mix": -1, "dor": -2, "phr": -4, "lyd": 1, "loc": -5}  # sharps more
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}  # semitones above C
SHARPS = "FCGDAEB"  # in the order in which keys raise them
ACCIDENTALS = {"^": 1, "^^": 2, "_": -1, "__": -2, "=": 0}
MIDDLE_C = 60
MAX_PASSES = 64  # over a token: no tune repeats more often


class PlayedNote(NamedTuple):
    """A note: when it begins and how long it lasts in eighths, and its MIDI pitch."""

    start: Fraction
    length: Fraction
    pitch: int


def key_sharps(key: str) -> int:
    """The sharps of a key, flats below 0.

    Example:
        >>> from embedkit.music.melody import key_sharps
        >>> [key_sharps(key) for key in ("G", "Em", "Bb", "Ador")]
        [1, 1, -2, 1]
    """
    raised = {"#": 7, "b": -7}.get(key[1:2], 0)
    mode = key[2:] if raised else key[1:]
    return TONICS[key[0]] + raised + MODES.get(mode, 0)


def key_steps(key: str) -> dict[str, int]:
    """What a key adds to the natural notes: {"F": 1} for G major."""
    sharps = key_sharps(key)
    letters = SHARPS[:sharps] if sharps > 0 else SHARPS[::-1][:-sharps]
    return dict.fromkeys(letters, 1 if sharps > 0 else -1)


def played_notes(tune: Tune) -> list[PlayedNote]:
    """The notes of a tune in the order in which they sound.

    Example:
        >>> from embedkit.music.melody import played_notes
        >>> from embedkit.music.tune import Tune
        >>> [note.pitch for note in played_notes(Tune.from_line("M:2/4 K:G F2 =F F | g4- :| g4"))]
        [66, 65, 65, 79, 66, 65, 65, 79]
    """
    key, altered, now = key_steps(tune.key), dict[tuple[str, int], int](), Fraction(0)
    notes: list[PlayedNote] = []
    tied = False
    for token in _played(tune):
        length, name = note_length(token), NOTE.match(token)
        if length is None:
            if token in BAR_LINES:
                altered = {}
            elif (field := FIELD.fullmatch(token)) and field["name"] == "K":
                key = key_steps(field["value"])
            continue
        if name and token[0] != "z":
            pitch = _pitch(name["accidental"], name["letter"], name["octave"], key, altered)
            if tied and notes and notes[-1].pitch == pitch:
                notes[-1] = notes[-1]._replace(length=notes[-1].length + length)
            else:
                notes.append(PlayedNote(now, length, pitch))
        tied, now = token.endswith("-"), now + length
    return notes


def _pitch(
    accidental: str | None,
    letter: str,
    octave: str,
    key: dict[str, int],
    altered: dict[tuple[str, int], int],
) -> int:
    """The MIDI pitch of a note; an accidental holds to the end of the bar."""
    upper = letter.upper()
    height = octave.count("'") - octave.count(",") + (letter != upper)
    if accidental is not None:
        altered[upper, height] = ACCIDENTALS[accidental]
    return MIDDLE_C + 12 * height + STEPS[upper] + altered.get((upper, height), key.get(upper, 0))


def _played(tune: Tune) -> Iterator[str]:
    """The tokens with what is repeated twice, the first time to the first ending, then to the second."""
    tokens, at, start, again = list(tune.tokens), 0, 0, False
    for _ in range(MAX_PASSES * (len(tokens) + 1)):
        if at >= len(tokens):
            return
        item = tokens[at]
        at += 1
        if item == "[1" and again and "[2" in tokens[at:]:
            at = tokens.index("[2", at)
            continue
        if item == "[2":
            start, again = at, False
        elif item in (":|", "::") and not again:
            yield item
            at, again = start, True
            continue
        elif item in (":|", "::", "|:"):
            start, again = at, again and item == "|:"
        yield item

"""When words begin and end: CTC says a word in one frame, in it or soon after it; sounds have two ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.arrays import Floats1d
from embedkit.speech.transcript import SpokenWord

LOUD = 0.025  # root of the mean square of a sound, of recordings whose peaks are 1/2
MOMENT = 0.01  # seconds whose loudness is looked at
GAP, SHORTEST = 0.1, 0.05  # seconds of silence within a sound, and of a sound
LATE = 0.12  # seconds that a word may still be said behind the beginning of the next sound

SoundSpan = tuple[float, float]


def sounds(samples: Floats1d, rate: int) -> list[SoundSpan]:
    """When something is heard, in seconds, in samples at one loudness.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.extents import sounds
        >>> silence, tone = np.zeros(500, np.float32), np.full(300, 0.3, np.float32)
        >>> sounds(np.concatenate([silence, tone, silence, tone]), 1000)
        [(0.5, 0.8), (1.3, 1.6)]
    """
    step = max(1, int(MOMENT * rate))
    places = np.arange(0, len(samples), step)
    energies = np.add.reduceat(np.square(samples), places) / np.diff(places, append=len(samples))
    changes = np.flatnonzero(np.diff(np.sqrt(energies) > LOUD, prepend=False, append=False))
    found: list[SoundSpan] = []
    for begin, end in (changes.reshape(-1, 2) * step / rate).tolist():
        if found and begin - found[-1][1] < GAP:
            found[-1] = found[-1][0], end
        else:
            found.append((begin, end))
    return [(begin, end) for begin, end in found if end - begin >= SHORTEST]


def stretched(words: Sequence[SpokenWord], heard: Sequence[SoundSpan]) -> list[SpokenWord]:
    """Words whose times are those of the sounds that they are; words of one sound share it.

    Args:
        words: in order, with the times of their frames.
        heard: sounds in order, of the same recording.
    """
    places = [_sound_of(word, heard) for word in words]
    made = []
    for number, (word, place) in enumerate(zip(words, places, strict=True)):
        if place is None:
            made.append(word)
            continue
        begin, end = heard[place]
        if number and places[number - 1] == place:
            begin = max(begin, min(words[number - 1].end, end))
        if number + 1 < len(words) and places[number + 1] == place:
            end = max(begin, min(word.end, end))
        made.append(word._replace(begin=begin, end=end))
    return made


def _sound_of(word: SpokenWord, heard: Sequence[SoundSpan]) -> int | None:
    """The number of the last sound that began well before a word was recognized, else of the first."""
    before = [number for number, (begin, _) in enumerate(heard) if begin < word.end - LATE]
    return before[-1] if before else 0 if heard and heard[0][0] < word.end else None

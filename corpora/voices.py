"""Words spoken by voices of espeak-ng, as recordings to learn from and to try out recognizers with.

espeak-ng (Debian's package of the same name) is asked for each word; without it there are no such recordings.
"""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator, Sequence
from shutil import which
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Floats1d
from embedkit.errors import DependencyError
from embedkit.speech.recording import Recording

COMMAND = "espeak-ng"
ACCENTS = (
    *("en-us", "en-gb", "en-gb-scotland", "en-029", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd"),
    "en-us-nyc",
)
SPEAKERS = (
    *("Alex", "Alicia", "Andrea", "Andy", "Annie", "Denis", "Diogo", "Gene", "Henrique", "Hugo"),
    *("Jacky", "Lee", "Marco", "Mario", "Michael", "Mike", "Nguyen", "adam", "anika", "antonio"),
    *("aunty", "belinda", "benjamin", "boris", "caleb", "david", "ed", "edward", "f1", "f2", "f3"),
    *("f4", "grandma", "grandpa", "gustave", "iven", "iven2", "iven3", "john", "kaukovalta", "klatt"),
    *("klatt2", "klatt3", "linda", "m1", "m2", "m3", "m4", "m6", "m7", "m8", "marcelo", "max"),
    *("michel", "miguel", "norbert", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro"),
    *("shelby", "steph", "steph2", "travis", "zac"),
)
UNHEARD = "m5", "f5", "victor", "steph3"  # speakers to try out what learned from the others
PITCHES, SPEEDS = (15, 85), (120, 230)  # of 0 to 99, and words a minute
SOFT, AROUND = 0.02, 0.025  # of the peak: silence at the ends, of which so many seconds are kept


class Voice(NamedTuple):
    """A voice of espeak-ng: accent and speaker, pitch from 0 to 99, and words a minute."""

    name: str
    pitch: int
    speed: int


def has_voices() -> bool:
    """Whether espeak-ng is installed."""
    return which(COMMAND) is not None


def drawn_voices(
    count: int,
    generator: np.random.Generator,
    speakers: Sequence[str] = SPEAKERS,
    languages: Sequence[str] = ACCENTS,
) -> Iterator[Voice]:
    """Voices of random languages or accents, speakers, pitches and speeds."""
    for _ in range(count):
        name = f"{generator.choice(languages)}+{generator.choice(speakers)}"
        yield Voice(name, int(generator.integers(*PITCHES)), int(generator.integers(*SPEEDS)))


def spoken(word: str, voice: Voice, rate: int) -> Floats1d:
    """The samples of a word, without most of the silence at its ends.

    Raises:
        DependencyError: espeak-ng is not installed.
    """
    pitch, speed = str(voice.pitch), str(voice.speed)
    command = [COMMAND, "-v", voice.name, "-p", pitch, "-s", speed, "--stdout", word]
    try:
        content = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - our own
    except FileNotFoundError:
        raise DependencyError("voices need espeak-ng; install it with: apt install espeak-ng") from None
    with Recording(io.BytesIO(content)) as recording:
        samples = recording.samples(rate)
    loud = np.flatnonzero(np.abs(samples) > SOFT * np.abs(samples).max())
    around = int(AROUND * rate)
    return samples[max(0, loud[0] - around) : loud[-1] + around]

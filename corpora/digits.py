"""Training the recognizer of spoken English digits that ships.

`python -m embedkit_corpora.digits RECORDINGS -o digits.safetensors`, some minutes on two cores; RECORDINGS is
the folder `recordings` of the Free Spoken Digit Dataset by Zohar Jackson and others (CC BY-SA 4.0,
https://github.com/Jakobovski/free-spoken-digit-dataset): files such as 7_george_5.wav, digit, speaker and
number. Recordings 0 to 4 of each digit and speaker are its official test and are not read; 5 to 9 choose the
epoch, 10 to 14 measure the model, the others are learnt from.

`--without SPEAKER` leaves a speaker out of all of these and measures by all that it says: what to expect of
somebody whom the model has never heard.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit import SpeechRecognizer, join_recordings, transcript_errors
from embedkit.arrays import Floats1d
from embedkit.progress import console_progress
from embedkit.speech.recording import Recording
from embedkit.speech.scores import ErrorRate

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
RATE = 8000
CHOOSE, REPORT, LEARN = range(5, 10), range(10, 15), range(15, 50)  # numbers of recordings
LICENSE = (
    "recordings: Free Spoken Digit Dataset, CC BY-SA 4.0, https://creativecommons.org/licenses/by-sa/4.0/"
)
FIRST = {"sample_rate": RATE, "epochs": 14, "patience": 14}
THEN = {  # with what sounds more like the recordings
    "sample_rate": RATE,
    "epochs": 8,
    "patience": 8,
    "learning_rate": 1.5e-3,
    "speed": 0.1,
    "warp": 0.08,
    "noise": 0.4,
    "equalizer": 0.1,
    "masks": 1,
    "joined": 3,
    "seed": 2,
}
TOGETHER = 5  # digits of a recording that is joined


class Digit(NamedTuple):
    """A recording of a digit."""

    speaker: str
    word: str
    number: int
    samples: Floats1d


def main() -> None:
    """Train the recognizer, measure it and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("recordings", type=Path, help="the folder of the recordings")
    parser.add_argument("-o", "--output", type=Path, help="the model to write")
    parser.add_argument("--without", metavar="SPEAKER", help="leave a speaker out, and measure by it")
    arguments = parser.parse_args()
    digits = read_digits(arguments.recordings)
    if not digits or arguments.without not in (None, *(digit.speaker for digit in digits)):
        parser.error(
            f"expected recordings such as 7_george_5.wav in {arguments.recordings}, and a speaker there"
        )
    known = [digit for digit in digits if digit.speaker != arguments.without]
    report = [d for d in known if d.number in REPORT] if arguments.without is None else None
    report = report or [digit for digit in digits if digit.speaker == arguments.without]
    recognizer = trained([d for d in known if d.number in LEARN], [d for d in known if d.number in CHOOSE])
    measured = measures(recognizer, report)
    for name, errors in measured.items():
        print(f"{name}: {errors}, {told(errors)}")  # noqa: T201 - a script
    if arguments.output:
        metadata = {
            "license": LICENSE,
            "made": "python -m embedkit_corpora.digits",
            "metrics": {name: told(errors) for name, errors in measured.items()},
        }
        recognizer.save(arguments.output, metadata, "float16")


def read_digits(folder: Path) -> list[Digit]:
    """The recordings of a folder but those of the official test, in order of their names."""
    found = []
    for path in sorted(folder.glob("[0-9]_*_*.wav")):
        digit, speaker, number = path.stem.split("_")
        if int(number) >= CHOOSE.start:
            with Recording(path) as recording:
                found.append(Digit(speaker, WORDS[int(digit)], int(number), recording.samples(RATE)))
    return found


def trained(learn: Sequence[Digit], choose: Sequence[Digit]) -> SpeechRecognizer:
    """A recognizer of digits, of the epoch that is best by those of `choose`."""
    held = pairs(choose)
    with console_progress() as progress:
        first = SpeechRecognizer(**FIRST).fit(*pairs(learn), validation_data=held, progress=progress)
        return SpeechRecognizer(**THEN).fit(
            *pairs(learn), validation_data=held, start=first.predictor_, progress=progress
        )


def pairs(digits: Sequence[Digit]) -> tuple[list[Floats1d], list[str]]:
    """Recordings and transcripts."""
    return [digit.samples for digit in digits], [digit.word for digit in digits]


def measures(recognizer: SpeechRecognizer, digits: Sequence[Digit]) -> dict[str, ErrorRate]:
    """Errors on recordings of one digit, and on five of a speaker joined with pauses."""
    samples, words = pairs(digits)
    joined, spoken = joined_digits(digits, np.random.default_rng(1))
    return {
        "one digit": transcript_errors(words, recognizer.predict(samples)),
        "five digits": transcript_errors(spoken, recognizer.predict(joined)),
    }


def joined_digits(
    digits: Sequence[Digit], generator: np.random.Generator
) -> tuple[list[Floats1d], list[str]]:
    """Each digit in a recording of five of the same speaker, in random order, with pauses of silence."""
    joined, spoken = [], []
    for speaker in sorted({digit.speaker for digit in digits}):
        own = [digit for digit in digits if digit.speaker == speaker]
        order = generator.permutation(len(own)).tolist()
        for start in range(0, len(own), TOGETHER):
            some = [own[place] for place in order[start : start + TOGETHER]]
            joined.append(join_recordings([d.samples for d in some], RATE, generator=generator)[0])
            spoken.append(" ".join(digit.word for digit in some))
    return joined, spoken


def told(errors: ErrorRate) -> str:
    """The error rate and its interval."""
    low, high = errors.rate.interval or (0.0, 1.0)
    return f"{errors.rate.value or 0:.2%} [{low:.2%}, {high:.2%}] of {errors.words:,} digits"


if __name__ == "__main__":
    main()

"""Recordings with transcripts, checked, as what is learned from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embedkit.arrays import Floats1d
from embedkit.errors import InputError
from embedkit.progress import Progress
from embedkit.saver import fingerprint
from embedkit.speech.recording import opened

LONGEST = 60.0  # seconds of a recording to learn from


@dataclass(frozen=True)
class TranscribedRecordings:
    """Recordings at the rate of the features, and what is said in each.

    Args:
        recordings: samples each, float32 (n,).
        transcripts: as many; "" where nothing is said.
    """

    recordings: Sequence[Floats1d]
    transcripts: Sequence[str]

    @classmethod
    def read(
        cls, recordings: Sequence[Any], transcripts: Sequence[str], rate: int, progress: Progress
    ) -> TranscribedRecordings:
        """Recordings, paths or samples at `rate`, and their transcripts.

        Raises:
            InputError: another number of transcripts, a transcript that is no text, or a recording that
                cannot be read, is silent, or is too long.
        """
        texts = list(transcripts)
        if isinstance(transcripts, str) or not all(isinstance(text, str) for text in texts):
            raise InputError(f"expected a text for each recording, got {transcripts!s:.80}")
        if len(texts) != len(recordings):
            raise InputError(
                f"expected a transcript for each recording, got {len(texts)} for {len(recordings)}"
            )
        progress.start("read recordings", len(texts))
        read = []
        for number, recording in enumerate(recordings):
            read.append(_samples(recording, texts[number], rate, number))
            progress.update(number + 1)
        seconds = sum(map(len, read)) / rate
        progress.finish(f"{len(read):,} recordings, {seconds / 60:,.1f} minutes")
        return cls(read, texts)

    def __len__(self) -> int:
        return len(self.recordings)

    def fingerprint(self) -> bytes:
        """A hash of all samples and transcripts."""
        return fingerprint(*self.recordings, json.dumps(self.transcripts).encode()).encode()

    def split(self, fraction: float, seed: int) -> tuple[TranscribedRecordings, TranscribedRecordings | None]:
        """Two parts, the second of them a fraction drawn at random; None for 0."""
        count = round(fraction * len(self))
        if not count:
            return self, None
        order = np.random.default_rng(seed).permutation(len(self))
        return self.part(np.sort(order[count:]).tolist()), self.part(np.sort(order[:count]).tolist())

    def part(self, numbers: Sequence[int]) -> TranscribedRecordings:
        """Some of them."""
        return TranscribedRecordings(
            [self.recordings[number] for number in numbers],
            [self.transcripts[number] for number in numbers],
        )


def _samples(recording: Any, text: str, rate: int, number: int) -> Floats1d:
    name = name_of(recording, number)
    with opened(recording, rate) as source:
        samples: Floats1d = source.samples(rate)
    if text.strip() and not samples.any():
        raise InputError(f"{name}: expected {text[:60]!r} to be said, got silence; leave the recording out")
    if len(samples) > LONGEST * rate:
        raise InputError(
            f"{name}: expected at most {LONGEST:g} seconds to learn from, got {len(samples) / rate:,.1f}; "
            "cut it at pauses"
        )
    return samples


def name_of(recording: Any, number: int) -> str:
    """What a recording is called in messages: its path, or its number, from 0."""
    return str(recording) if isinstance(recording, str) or hasattr(recording, "joinpath") else f"X[{number}]"

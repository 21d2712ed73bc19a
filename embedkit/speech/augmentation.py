"""Changes of recordings in training: speed, loudness, noise, vocal tracts, and masks over features."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedkit.arrays import Floats1d, Floats2d
from embedkit.speech.joining import join_recordings
from embedkit.speech.log_mel import LogMel
from embedkit.speech.normalization import at_one_loudness
from embedkit.speech.parameters import SpeechAugmentation

TRIMMED = 0.5  # of the examples begin and end with speech
SINGLE = 0.3  # of the examples are one recording alone
SPREAD = 6.0  # decibels by which recordings that are joined differ in loudness
LONGEST_PAUSE = 1.5  # seconds; most examples have shorter ones
NOTHING = 0.03  # of the examples with noise are noise alone, in which nothing is said
KNOBS = 5  # of the equalizer, over all bands
SWELL = 0.3  # seconds in which the loudness of noise changes
QUIETEST, NOISIEST = 40.0, 5.0  # decibels of noise below the recording
MASKED_BANDS, MASKED_FRAMES, MASKED_PART = 0.15, 5, 6  # most of the bands, of the frames, one frame of


@dataclass(frozen=True)
class Augmenter:
    """Makes training examples of recordings.

    Args:
        log_mel: makes their features.
        changes: how far they are changed.
    """

    log_mel: LogMel
    changes: SpeechAugmentation

    def example(
        self, recordings: Sequence[Floats1d], first: int, most: int, generator: np.random.Generator
    ) -> tuple[Floats1d, float, list[int]]:
        """The samples of a training example, the warp of its frequencies, and the recordings in it.

        Args:
            recordings: those that may follow the first.
            first: its number; others are drawn.
            most: recordings that are joined.
            generator: draws everything.
        """
        if generator.random() < NOTHING * self.changes.noise:
            noise = colored_noise(len(recordings[first]), generator.uniform(0, 0.95), generator)
            return self._louder(at_one_loudness(noise), generator), 1.0, []
        numbers = [first]
        if generator.random() >= SINGLE:
            more = generator.integers(0, most)
            numbers += generator.integers(len(recordings), size=more).tolist()
        parts = [self._played(recordings[number], generator) for number in numbers]
        pauses = 0.0, LONGEST_PAUSE * generator.random() ** 2
        ends = generator.random() < TRIMMED
        joined, _ = join_recordings(
            parts, self.log_mel.rate, pauses=pauses, ends=not ends, generator=generator
        )
        samples = self._louder(self._noisy(joined, generator), generator)
        return samples, factor(self.changes.warp, generator), numbers

    def _played(self, recording: Floats1d, generator: np.random.Generator) -> Floats1d:
        """A recording at another speed, at about the loudness of all others."""
        speed = factor(self.changes.speed, generator)
        at = np.arange(0, len(recording) - 1, speed) if speed != 1 else np.arange(len(recording))
        played = np.interp(at, np.arange(len(recording)), recording)
        level = np.float32(decibels(generator.uniform(-SPREAD, 0)))
        return at_one_loudness(played.astype(np.float32)) * level

    def _noisy(self, samples: Floats1d, generator: np.random.Generator) -> Floats1d:
        """With noise, in some of the examples."""
        if generator.random() >= self.changes.noise:
            return samples
        below = generator.uniform(NOISIEST, QUIETEST)
        noise = colored_noise(len(samples), generator.uniform(0, 0.95), generator)
        noise *= swelling(len(samples), int(SWELL * self.log_mel.rate), generator)
        loudness = math.sqrt(float(np.mean(np.square(samples)))) * decibels(-below)
        return samples + noise * np.float32(loudness)

    def _louder(self, samples: Floats1d, generator: np.random.Generator) -> Floats1d:
        gain = generator.uniform(-self.changes.gain, self.changes.gain)
        return samples * np.float32(decibels(gain))

    def masked(self, features: Floats2d, generator: np.random.Generator) -> Floats2d:
        """Features (T, B) through an equalizer, of which some bands and frames are 0, as SpecAugment has it.

        They are of mean 0 and deviation 1; masks are those of Park et al. (2019).
        """
        frames, bands = features.shape
        levels = self.changes.equalizer * generator.standard_normal(KNOBS)
        curve = np.interp(np.linspace(0, KNOBS - 1, bands), np.arange(KNOBS), levels)
        masked: Floats2d = features + curve.astype(np.float32)
        for _ in range(self.changes.masks):
            width = int(generator.integers(0, int(MASKED_BANDS * bands) + 1))
            begin = int(generator.integers(0, bands - width + 1))
            masked[:, begin : begin + width] = 0
            width = int(generator.integers(0, min(MASKED_FRAMES, frames // MASKED_PART) + 1))
            begin = int(generator.integers(0, frames - width + 1))
            masked[begin : begin + width] = 0
        return masked


def colored_noise(count: int, color: float, generator: np.random.Generator) -> Floats1d:
    """Gaussian noise of mean square 1, float32 (n,): each sample keeps `color` of the one before.

    0 is white noise; the nearer to 1, the deeper it sounds.
    """
    from scipy.signal import lfilter

    noise = lfilter([1], [1, -color], generator.standard_normal(count, dtype=np.float32))
    loudness = math.sqrt(float(np.mean(np.square(noise)))) if count else 1.0
    scaled: Floats1d = (noise / max(loudness, 1e-9)).astype(np.float32)
    return scaled


def swelling(count: int, step: int, generator: np.random.Generator) -> Floats1d:
    """A loudness that rises and falls between 0 and 2, float32 (n,): even draws every `step` samples."""
    levels = generator.uniform(0, 2, count // step + 2)
    return np.interp(np.arange(count), np.arange(len(levels)) * step, levels).astype(np.float32)


def factor(most: float, generator: np.random.Generator) -> float:
    """A factor near 1, as often below as above: from 1 / (1 + most) to 1 + most."""
    return math.exp(generator.uniform(-1, 1) * math.log1p(most))


def decibels(amount: float) -> float:
    """The factor of amplitudes that so many decibels are."""
    return float(10 ** (amount / 20))

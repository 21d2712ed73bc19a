"""Sounds for tests of speech: words that are chirps, so that a small network learns them in a moment."""

import numpy as np
import pytest

RATE = 8000
TONES = {"do": (400, 400), "re": (700, 1400), "mi": (2600, 1500)}  # Hz at the beginning and at the end


def chirp(word, generator, seconds=0.25):
    """A word of TONES in a little noise, float32 at RATE."""
    first, last = TONES[word]
    time = np.arange(int(seconds * generator.uniform(0.8, 1.2) * RATE)) / RATE
    frequency = np.linspace(first, last, len(time)) * generator.uniform(0.95, 1.05)
    tone = np.sin(2 * np.pi * np.cumsum(frequency) / RATE) * np.hanning(len(time)) ** 0.3
    return (0.3 * tone + 0.003 * generator.standard_normal(len(time))).astype(np.float32)


@pytest.fixture(scope="session")
def spoken():
    """60 recordings of words, and which."""
    generator = np.random.default_rng(3)
    words = list(TONES) * 20
    return [chirp(word, generator) for word in words], words


@pytest.fixture(scope="session")
def recognizer(spoken):
    """A recognizer of these words."""
    from embedkit import SpeechRecognizer

    made = SpeechRecognizer(
        mel_bands=16,
        layers="conv:24:5:3 bigru:16",
        epochs=20,
        batch_size=8,
        learning_rate=0.01,
        validation_fraction=0.0,
        joined=3,
        masks=0,
        hop=0.012,
    )
    return made.fit(*spoken)

"""Words that are tones, and a recognizer of them whose weights are written down, not learned."""

import numpy as np
import pytest

from embedkit import SpeechRecognizer, join_recordings
from embedkit.speech.frame_stack import FrameStack
from embedkit.speech.labels import SpeechLabels
from embedkit.speech.log_mel import LogMel
from embedkit.speech.parameters import SpeechFeatures
from embedkit.speech.predictor import SpeechPredictor

RATE = 8000
BANDS = {"high": 6, "low": 2}  # label -> the mel band that tells it
LOUD = 2.0  # the logarithm of the energy above which a band is heard
FEATURES = SpeechFeatures(mel_bands=8)


def tone(word, seconds=0.2, rate=RATE):
    """A word as a sine in the middle of its band."""
    frequency = LogMel(FEATURES).centers[BANDS[word]]
    return (0.3 * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


@pytest.fixture
def speak():
    """Makes a recording of words with pauses, and tells when each is said."""

    def speak(text, pauses=(0.1, 0.3), rate=RATE):
        words = [tone(word, rate=rate) for word in text.split()]
        return join_recordings(words, rate, pauses=pauses, generator=np.random.default_rng(1))

    return speak


@pytest.fixture
def predictor():
    """Gives a label 10 for each unit that its band is above `LOUD`; the blank has 0."""
    labels = SpeechLabels(sorted(BANDS), "words")
    kernel = np.zeros((8, 3), np.float32)
    for number, label in enumerate(labels.names, 1):
        kernel[BANDS[label], number] = 10
    weights = {
        "layer1/kernel": np.eye(8, dtype=np.float32),
        "layer1/bias": np.zeros(8, np.float32),
        "scores/kernel": kernel,
        "scores/bias": np.array([0, -10 * LOUD, -10 * LOUD], np.float32),
        "mean": np.zeros(8, np.float32),
        "deviation": np.ones(8, np.float32),
    }
    return SpeechPredictor(FEATURES, FrameStack("dense:8"), labels, weights)


@pytest.fixture
def recognizer(predictor):
    """The same as an estimator that was fitted."""
    made = SpeechRecognizer(mel_bands=8, layers="dense:8")
    made.predictor_, made.history_, made.metadata_ = predictor, [], {}
    return made

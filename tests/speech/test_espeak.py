"""A trigger word, made by espeak-ng in several voices, is found in longer recordings with noise."""

import io
import subprocess
from shutil import which

import numpy as np
import pytest

from embedkit import SpeechRecognizer, join_recordings
from embedkit.speech.augmentation import coloured_noise, swelling
from embedkit.speech.recording import Recording

pytestmark = [
    pytest.mark.skipif(which("espeak-ng") is None, reason="needs espeak-ng"),
    pytest.mark.tensorflow,
    pytest.mark.slow,
    pytest.mark.xfail(reason="so few recordings, changed so much, do not teach a voice that was never heard"),
]
RATE = 8000
WORDS = "activate", "banana", "window", "seventy"
VOICES = "en-us", "en-gb", "en-us+f2", "en-gb+m3", "en-us+f4", "en-gb-scotland"
UNHEARD = "en-us+m5"


def said(word, voice, speed=160):
    """The samples of a word."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdout", word]
    content = subprocess.run(command, capture_output=True, check=True).stdout
    with Recording(io.BytesIO(content)) as recording:
        samples = recording.samples(RATE)
    loud = np.flatnonzero(np.abs(samples) > 0.02)
    return samples[loud[0] : loud[-1]]


@pytest.fixture(scope="module")
def trigger():
    recordings = [
        (said(word, voice, speed), word) for word in WORDS for voice in VOICES for speed in (150, 190)
    ]
    made = SpeechRecognizer(
        layers="conv:32:5:3 bigru:24", mel_bands=24, epochs=40, batch_size=12, learning_rate=0.01,
        validation_fraction=0.0, joined=3,
    )  # fmt: skip
    return made.fit(*zip(*recordings, strict=True)).predictor_


@pytest.mark.parametrize("seed", [1, 2])
def test_the_trigger_word_is_found_in_noise(trigger, seed):
    generator = np.random.default_rng(seed)
    order = [*generator.permutation(["activate", "activate", *WORDS[1:], *WORDS[1:]])]
    samples, times = join_recordings(
        [said(word, UNHEARD) for word in order], RATE, pauses=(0.3, 1.0), generator=generator
    )
    noise = coloured_noise(len(samples), 0.8, generator) * swelling(len(samples), RATE // 3, generator)
    found = trigger.find("activate", samples + 0.01 * noise, threshold=0.9)
    wanted = times[[place for place, word in enumerate(order) if word == "activate"]]
    assert len(found) == len(wanted)
    for hit, (begin, end) in zip(found, wanted, strict=True):
        assert begin - 0.1 < hit.begin < hit.end < end + 0.1

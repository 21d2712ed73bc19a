"""A recognizer whose training was interrupted is the same, to the byte."""

import pytest

from embedkit import SpeechRecognizer
from tests.marks import NEEDS_LOCKS
from tests.speech.conftest import tone

pytestmark = [pytest.mark.tensorflow, NEEDS_LOCKS]


def test_the_bytes_are_those_of_a_training_that_was_not_interrupted(resumed):
    recordings, words = [tone("low"), tone("high")] * 6, ["low", "high"] * 6
    settings = {"layers": "dense:4 dropout:0.2", "mel_bands": 8, "epochs": 4, "batch_size": 2}

    def make(target, **watched):
        SpeechRecognizer(**settings, validation_fraction=0.2).fit(recordings, words, **watched).save(target)

    whole, found, (told,) = resumed(make, [0.5])
    assert told.startswith("continuing: epoch ")
    assert found == whole

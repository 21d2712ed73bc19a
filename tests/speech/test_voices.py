"""A word found in longer recordings by voices of espeak-ng from which the bundled model did not learn."""

import numpy as np
import pytest

from embedkit import join_recordings, load_predictor
from embedkit.speech.augmentation import colored_noise, decibels, swelling
from embedkit_corpora.digits import RATE, WORDS
from embedkit_corpora.voices import UNHEARD, drawn_voices, has_voices, spoken

pytestmark = pytest.mark.skipif(not has_voices(), reason="needs espeak-ng")
TRIGGER = "seven"


@pytest.mark.parametrize("below", [40, 30])
def test_a_word_is_found_in_voices_never_heard(below):
    """Each voice says all digits in some order; the noise swells to about twice its mean."""
    generator = np.random.default_rng(5)
    said = [
        (spoken(word, voice, RATE), word)
        for voice in drawn_voices(6, generator, UNHEARD)
        for word in generator.permutation(WORDS).tolist()
    ]
    samples, times = join_recordings(
        [samples for samples, _ in said], RATE, pauses=(0.3, 1.0), generator=generator
    )
    noise = colored_noise(len(samples), 0.7, generator) * swelling(len(samples), RATE // 3, generator)
    loudness = np.sqrt(np.mean(np.square(samples))) * decibels(-below)
    hits = load_predictor("digits").find(TRIGGER, samples + loudness * noise)
    wanted = times[[place for place, (_, word) in enumerate(said) if word == TRIGGER]]
    found = [any(hit.begin < end and begin < hit.end for hit in hits) for begin, end in wanted]
    right = [any(hit.begin < end and begin < hit.end for begin, end in wanted) for hit in hits]
    assert sum(found) >= len(wanted) - 1
    assert right.count(False) <= 1

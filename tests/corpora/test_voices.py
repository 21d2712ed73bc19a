import numpy as np
import pytest

from embedkit.errors import DependencyError
from embedkit_corpora import voices
from embedkit_corpora.voices import ACCENTS, SPEAKERS, UNHEARD, Voice, drawn_voices, has_voices, spoken

RATE = 8000
needs_voices = pytest.mark.skipif(not has_voices(), reason="needs espeak-ng")


def test_voices_are_drawn_by_the_seed():
    one, other = (list(drawn_voices(50, np.random.default_rng(3))) for _ in range(2))
    assert one == other
    assert len({*one}) == 50
    accents, speakers = zip(*(voice.name.split("+") for voice in one), strict=True)
    assert {*accents} <= {*ACCENTS}
    assert {*speakers} <= {*SPEAKERS}
    assert not {*SPEAKERS} & {*UNHEARD}


@needs_voices
def test_words_fill_their_recordings():
    for word in ("six", "activate"):
        samples = spoken(word, Voice("en-us+f2", 50, 160), RATE)
        assert 0.2 * RATE < len(samples) < RATE
        ends = samples[: RATE // 20], samples[-RATE // 20 :]
        assert all(np.abs(end).max() > 0.02 * np.abs(samples).max() for end in ends)


@needs_voices
def test_voices_differ():
    fast, slow = (spoken("seven", Voice("en-gb+m1", 50, speed), RATE) for speed in (230, 120))
    assert len(fast) < 0.8 * len(slow)


def test_without_espeak_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(voices, "COMMAND", "espeak-none")
    assert not has_voices()
    with pytest.raises(DependencyError, match="apt install espeak-ng"):
        spoken("six", Voice("en-us+f2", 50, 160), RATE)

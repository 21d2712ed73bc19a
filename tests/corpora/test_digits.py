import numpy as np
import pytest
from scipy.io import wavfile

from embedkit_corpora import digits as digits_module
from embedkit_corpora.digits import LEARN, RATE, WORDS, joined_digits, read_digits
from embedkit_corpora.voices import has_voices


@pytest.fixture
def folder(tmp_path):
    """Recordings 3 to 7 of two digits by two speakers; the samples are constants that tell which."""
    for digit in (0, 7):
        for number, speaker in enumerate(("ada", "bob")):
            for index in range(3, 8):
                samples = np.full(100, 1000 * digit + 100 * number + index, np.int16)
                wavfile.write(tmp_path / f"{digit}_{speaker}_{index}.wav", RATE, samples)
    return tmp_path


def test_the_official_test_is_not_read(folder):
    digits = read_digits(folder)
    assert {digit.number for digit in digits} == {5, 6, 7}
    assert {(digit.word, digit.speaker) for digit in digits} == {
        ("zero", "ada"), ("zero", "bob"), ("seven", "ada"), ("seven", "bob"),
    }  # fmt: skip
    [one] = [digit for digit in digits if round(float(digit.samples[0]) * 32768) == 7106]
    assert (one.word, one.speaker, one.number) == ("seven", "bob", 6)


def test_joined_digits_hold_each_recording_of_a_speaker_once(folder):
    digits = read_digits(folder)
    joined, spoken = joined_digits(digits, np.random.default_rng(1))
    assert [len(text.split()) for text in spoken] == [5, 1, 5, 1]
    values = [sorted({round(float(sample) * 32768) for sample in samples} - {0}) for samples in joined]
    own = [round(float(digit.samples[0]) * 32768) for digit in digits if digit.speaker == "ada"]
    assert sorted(values[0] + values[1]) == sorted(own)
    assert [word for text in spoken for word in text.split()].count("seven") == 6


def test_without_espeak_no_voices_are_learned_from(monkeypatch, capsys):
    monkeypatch.setattr(digits_module, "has_voices", lambda: False)
    assert digits_module.synthesized_digits() == []
    assert "espeak-ng is not installed" in capsys.readouterr().err


@pytest.mark.skipif(not has_voices(), reason="needs espeak-ng")
def test_voices_say_every_digit(monkeypatch):
    monkeypatch.setattr(digits_module, "VOICES", 1)
    monkeypatch.setattr(digits_module, "ACCENTED", 1)
    said = digits_module.synthesized_digits()
    assert [digit.word for digit in said] == [*WORDS] * 2
    assert len({digit.speaker for digit in said}) == 2
    assert all(digit.number in LEARN for digit in said)


def test_other_languages_spell_every_digit():
    assert {len(spelled.split()) for spelled in digits_module.SPELLED.values()} == {10}

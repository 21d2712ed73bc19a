from dataclasses import asdict

import numpy as np
import pytest
from scipy.io import wavfile

from embedkit import load_model, load_predictor
from embedkit.errors import FormatError, InputError
from embedkit.speech import predictor as predictor_module
from embedkit.speech.frame_stack import FrameStack
from embedkit.speech.parameters import SpeechFeatures
from embedkit.speech.predictor import SpeechPredictor, speech_predictor
from embedkit.speech.recognizer import check_start
from tests.speech.conftest import tone

RATE = 8000
CLOSE = 0.03  # seconds: a window


def overlap(words, times):
    """Whether there are as many words as times, and each is heard while it is said."""
    pairs = zip(words, times, strict=True)
    return all(word.begin < end and begin < word.end for word, (begin, end) in pairs)


def test_words_and_their_times(predictor, speak):
    samples, times = speak("low high high low")
    transcript = predictor.transcribe(samples)
    assert transcript.text == "low high high low"
    assert [word.begin for word in transcript.words] == pytest.approx(times[:, 0], abs=CLOSE)
    assert [word.end for word in transcript.words] == pytest.approx(times[:, 1], abs=CLOSE)
    assert transcript.seconds == pytest.approx(len(samples) / RATE, abs=CLOSE)
    assert all(word.probability > 0.99 for word in transcript.words)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_any_rate_channels_and_loudness(predictor, speak, rate):
    samples, times = speak("high low", rate=rate)
    stereo = np.round(np.stack([samples, samples], axis=1) * 0.003 * 32768).astype(np.int16)
    transcript = predictor.transcribe(stereo, rate)
    assert transcript.text == "high low"
    assert transcript.words[1].begin == pytest.approx(times[1, 0], abs=CLOSE)


@pytest.mark.parametrize("samples", [np.zeros(8000), np.zeros(1), np.zeros(500_000, np.int16)])
def test_silence_says_nothing(predictor, samples):
    assert predictor.transcribe(samples).words == ()
    assert predictor.find("low", samples) == []


def test_a_long_recording_is_read_in_pieces(predictor, speak, monkeypatch):
    """Words of all pieces, none of them cut, at their times; no more than a piece at once."""
    text = " ".join(["low", "high", "high"] * 40)
    samples, times = speak(text)
    sizes = []
    read = SpeechPredictor.log_probabilities

    def watched(self, recordings):
        some = list(recordings)
        sizes.append(max(map(len, some)))
        return read(self, some)

    monkeypatch.setattr(SpeechPredictor, "log_probabilities", watched)
    monkeypatch.setattr(predictor_module, "TOGETHER", 2)
    transcript = predictor.transcribe(samples)
    assert transcript.text == text
    assert overlap(transcript.words, times)
    assert len(sizes) > 1
    assert max(sizes) <= 20 * RATE


def test_a_beam_says_the_same_with_times(predictor, speak):
    samples, _ = speak("low high low")
    greedy, beam = predictor.transcribe(samples), predictor.transcribe(samples, beam=4)
    assert beam.text == greedy.text
    assert [word.begin for word in beam.words] == pytest.approx([word.begin for word in greedy.words])


def test_a_language_model_decides_between_what_sounds_alike(predictor):
    """Both bands sound, one a little louder; a model that never heard of it behind "low" changes the word."""
    both = np.concatenate([np.zeros(800), tone("low") + 0.9 * tone("high")])
    heard = predictor.transcribe(both).text
    other = {"low": "high", "high": "low"}[heard]

    def model(before, word):
        assert {*before, word} <= {"low", "high", "\n"}
        return 0.0 if word in (other, "\n") else -1000.0

    assert predictor.transcribe(both, beam=5, language_model=model, weight=5.0).text == other


def test_a_language_model_hears_of_earlier_pieces_and_of_the_end(predictor, speak):
    """A recording of several pieces is one text, which ends once."""
    text = " ".join(["low", "high", "high"] * 40)
    asked = []

    def model(before, word):
        asked.append((tuple(before), word))
        return 0.0

    assert predictor.transcribe(speak(text)[0], language_model=model, beam=2).text == text
    ended = [before for before, word in asked if word == "\n"]
    assert tuple(text.split()) in ended
    assert min(map(len, ended)) >= 119  # words: the beam may lack one


def test_a_word_is_found_where_it_is_said(predictor, speak):
    samples, times = speak("low high low low high low")
    found = predictor.find("high", samples)
    assert [(word.begin, word.end) for word in found] == [
        pytest.approx(tuple(times[place]), abs=CLOSE) for place in (1, 4)
    ]
    assert [word.begin for word in predictor.find("low low", samples)] == pytest.approx(
        [times[2, 0]], abs=CLOSE
    )
    assert predictor.find("high high", samples) == []


def test_a_word_is_found_in_noise_that_swells(predictor, speak):
    samples, times = speak("low high low high")
    generator = np.random.default_rng(4)
    swell = np.interp(np.arange(len(samples)), np.linspace(0, len(samples), 9), generator.uniform(0, 0.03, 9))
    found = predictor.find("high", samples + swell * generator.standard_normal(len(samples)))
    assert overlap(found, times[[1, 3]])


@pytest.mark.parametrize("word", ["", "middle", "low middle", "LOW"])
def test_words_that_are_not_known_are_refused(predictor, word):
    with pytest.raises(InputError, match="expected"):
        predictor.find(word, np.zeros(100))


def test_a_file_gives_the_same(recognizer, speak, tmp_path):
    recognizer.save(tmp_path / "m.safetensors", {"license": "none"})
    samples, _ = speak("low high")
    wavfile.write(tmp_path / "a.wav", RATE, samples)
    loaded = load_predictor(tmp_path / "m.safetensors")
    assert loaded.transcribe(tmp_path / "a.wav").text == "low high"
    assert loaded.metadata["license"] == "none"
    estimator = load_model(tmp_path / "m.safetensors")
    assert estimator.predict([samples]) == ["low high"]
    assert estimator.get_params()["layers"] == "dense:8"
    assert estimator.score([samples], ["low low"]) == 0.5


@pytest.mark.parametrize("dtype", ["float16", "int8"])
def test_fewer_bits_say_the_same(recognizer, speak, tmp_path, dtype):
    recognizer.save(tmp_path / "m.safetensors", dtype=dtype)
    samples, _ = speak("low high high")
    assert load_predictor(tmp_path / "m.safetensors").transcribe(samples).text == "low high high"


def changed(name, value):
    def change(content, tensors):
        content["parameters"][name] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        changed("mel_bands", 9),
        changed("layers", "max"),
        changed("layers", 3),
        changed("units", "syllables"),
        changed("sample_rate", "fast"),
        changed("hop", -1),
        lambda content, tensors: content.update(labels=["high", "low", "middle"]),
        lambda content, tensors: content["parameters"].pop("units"),
        lambda content, tensors: tensors.pop("mean"),
        lambda content, tensors: tensors["deviation"].fill(0),
        lambda content, tensors: tensors["layer1/bias"].fill(np.nan),
    ],
)
def test_files_that_cannot_be_are_refused(recognizer, tmp_path, rewrite, change):
    recognizer.save(tmp_path / "m.safetensors")
    rewrite(tmp_path / "m.safetensors", change)
    with pytest.raises(FormatError):
        load_predictor(tmp_path / "m.safetensors")


def test_other_models_are_refused(recognizer):
    assert speech_predictor(recognizer) is recognizer.predictor_
    with pytest.raises(InputError, match="expected a trained recognizer of speech"):
        speech_predictor(load_predictor("emojify"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers": "dense:9"}, "layers must be 'dense:8', as of the model to start from, got 'dense:9'"),
        ({"units": "characters"}, "units must be 'words'"),
        ({"hop": 0.02}, "hop must be 0.01"),
    ],
)
def test_a_start_has_the_same_structure(predictor, change, message):
    same = {**predictor.structure(), **change}
    features = SpeechFeatures(**{name: same[name] for name in asdict(SpeechFeatures())})
    with pytest.raises(InputError, match=message):
        check_start(predictor, features, FrameStack(same["layers"]), same["units"])

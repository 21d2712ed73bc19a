import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.speech.log_mel import LogMel, warped
from embedkit.speech.parameters import SpeechFeatures

FLOOR = 1e-8
LOG_MEL = LogMel(SpeechFeatures(sample_rate=8000, mel_bands=12, floor=FLOOR))


def sine(frequency, count=4000, rate=8000):
    return np.sin(2 * np.pi * frequency * np.arange(count) / rate)


@pytest.mark.parametrize("band", range(12))
def test_a_sine_lights_its_band(band):
    features = LOG_MEL(sine(LOG_MEL.centers[band]))
    assert (features.argmax(axis=1) == band).all()
    far = np.abs(np.arange(12) - band) > 2
    assert (features[:, far].max(axis=1) < features[:, band] - np.log(1000)).all()


def test_the_energy_of_a_sine_is_that_of_the_closed_form():
    """Parseval: the energy of a windowed frame is n / 2 times the sum of squares, split over the bands.

    Between two centers the triangles add up to 1, so that all energy of a tone there is counted once.
    """
    features = LOG_MEL(sine(1000.0))
    window = np.hanning(LOG_MEL.size + 1)[:-1]
    energy = LOG_MEL.transform / 2 * np.square(window).sum() / 2  # half of it at negative frequencies
    assert np.exp(features[5:-5]).sum(axis=1) == pytest.approx(energy, rel=0.03)


def test_centers_are_even_in_mels():
    mels = 2595 * np.log10(1 + LOG_MEL.centers / 700)
    assert np.diff(mels) == pytest.approx(np.diff(mels)[0], rel=1e-9)


def test_twice_as_loud_is_log_four_more():
    once, twice = LOG_MEL(sine(900)), LOG_MEL(2 * sine(900))
    loud = once > np.log(FLOOR) + 8
    assert (twice - once)[loud] == pytest.approx(np.log(4), abs=0.01)


def test_silence_is_the_floor():
    assert LOG_MEL(np.zeros(800)) == pytest.approx(np.log(FLOOR))


@pytest.mark.parametrize(("samples", "frames"), [(1, 1), (200, 1), (201, 2), (280, 2), (281, 3), (8000, 99)])
def test_frames(samples, frames):
    """Windows of 200 samples every 80, as many as hold every sample."""
    assert LOG_MEL.frame_count(samples) == frames
    assert LOG_MEL(np.ones(samples)).shape == (frames, 12)


def test_a_warp_moves_a_band():
    """What is heard at a frequency is, with a warp of 1.2, heard at 1.2 times as much."""
    band = 4
    at = LOG_MEL.centers[band] * 1.2
    assert (LOG_MEL(sine(at), warp=1.2).argmax(axis=1) == band).all()
    assert not (LOG_MEL(sine(at)).argmax(axis=1) == band).any()


@pytest.mark.parametrize("warp", [0.7, 0.9, 1.0, 1.3])
def test_warped_frequencies_rise_to_the_highest(warp):
    frequencies = np.linspace(0, 4000, 401)
    moved = warped(frequencies, warp, 4000.0)
    assert (np.diff(moved) > 0).all()
    assert moved[[0, -1]].tolist() == pytest.approx([0, 4000])


def test_more_bands_than_frequencies_are_refused():
    with pytest.raises(InputError, match="mel_bands must be fewer, or window longer"):
        LogMel(SpeechFeatures(mel_bands=200))

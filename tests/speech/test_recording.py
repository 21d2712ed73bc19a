import io
import sys
import wave

import numpy as np
import pytest
from scipy.io import wavfile
from scipy.signal import resample_poly

from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.speech import sound_files
from embedkit.speech.pieces import pieces
from embedkit.speech.recording import Recording, Samples, mono
from embedkit.speech.resampling import resampled

RATE = 8000
SINE = 0.5 * np.sin(2 * np.pi * 440 * np.arange(4000) / RATE)


@pytest.fixture(params=["soundfile", "scipy"])
def reader(request, monkeypatch):
    """Which library reads files."""
    if request.param == "scipy":
        monkeypatch.setitem(sys.modules, "soundfile", None)
    else:
        pytest.importorskip("soundfile")


@pytest.fixture
def without_soundfile(monkeypatch):
    monkeypatch.setitem(sys.modules, "soundfile", None)


def written(path, samples, rate=RATE):
    wavfile.write(path, rate, samples)
    return path


FORMS = {
    "16 bits": (np.round(SINE * 32768).astype(np.int16), 2e-5),
    "32 bits": (np.round(SINE * 2.0**31).astype(np.int32), 1e-6),
    "8 bits": (np.round(SINE * 128 + 128).astype(np.uint8), 5e-3),
    "floats": (SINE.astype(np.float32), 1e-6),
    "doubles": (SINE, 1e-6),
    "stereo": (np.stack([2 * SINE, 0 * SINE], axis=1).astype(np.float32), 1e-6),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_number_is_read(tmp_path, reader, form):
    samples, close = FORMS[form]
    with Recording(written(tmp_path / "a.wav", samples)) as recording:
        assert recording.rate == RATE
        assert recording.samples() == pytest.approx(SINE, abs=close)


def test_24_bits(tmp_path, reader):
    numbers = np.round(SINE * 2.0**23).astype("<i4")
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 3, RATE, 0, "NONE", ""))
        file.writeframes(numbers.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
    with Recording(tmp_path / "a.wav") as recording:
        assert recording.samples() == pytest.approx(SINE, abs=1e-6)


@pytest.mark.parametrize("rate", [4000, 11025, 16000, 22050, 44100])
def test_any_rate_becomes_that_of_the_model(tmp_path, reader, rate):
    time = np.arange(rate) / rate
    path = written(tmp_path / "a.wav", (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32), rate)
    with Recording(path) as recording:
        samples = recording.samples(RATE)
    assert len(samples) == pytest.approx(RATE, abs=1)
    middle = slice(1000, 7000)  # ends have no neighbors
    assert samples[middle] == pytest.approx(
        0.5 * np.sin(2 * np.pi * 440 * np.arange(8000) / RATE)[middle], abs=2e-3
    )


@pytest.mark.parametrize(("given", "wanted"), [(44100, 8000), (8000, 16000), (16000, 8000), (11025, 8000)])
@pytest.mark.parametrize("size", [1, 700, 5000, 100_000])
def test_blocks_give_what_the_whole_gives(given, wanted, size):
    samples = np.random.default_rng(1).standard_normal(9_999).astype(np.float32)
    if size == 1:
        samples = samples[:40]
    blocks = [samples[at : at + size] for at in range(0, len(samples), size)]
    made = np.concatenate(list(resampled(blocks, given, wanted)))
    assert made == pytest.approx(resample_poly(samples, wanted, given), abs=1e-4)


def test_flac_needs_soundfile(tmp_path):
    soundfile = pytest.importorskip("soundfile")
    soundfile.write(tmp_path / "a.flac", SINE, RATE)
    with Recording(tmp_path / "a.flac") as recording:
        assert recording.samples() == pytest.approx(SINE, abs=1e-4)


def test_without_soundfile_other_files_say_what_to_install(tmp_path, without_soundfile):
    (tmp_path / "a.flac").write_bytes(b"fLaC" + bytes(100))
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[speech\]'"):
        Recording(tmp_path / "a.flac")


def test_a_pipe_is_read(tmp_path, reader):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    content = written(tmp_path / "a.wav", SINE.astype(np.float32)).read_bytes()
    with Recording(Pipe(content), "stdin") as recording:
        assert recording.samples() == pytest.approx(SINE, abs=1e-6)


def broken(path, samples, change):
    content = bytearray(written(path, samples).read_bytes())
    path.write_bytes(change(content))
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: b"", "an empty file"),
        (lambda content: content[:3000], "cut off|damaged"),
        (lambda content: content[:30], "damaged|another kind"),
        (lambda content: content[:44], "cut off|0 samples|damaged"),
        (lambda content: b"RIFF" + bytes(40), "another kind|no WAV"),
    ],
)
def test_broken_files_are_refused(tmp_path, reader, change, message):
    path = broken(tmp_path / "a.wav", np.round(SINE * 32768).astype(np.int16), change)
    with pytest.raises((InputError, DependencyError), match=message), Recording(path) as recording:
        recording.samples()


def test_what_is_no_sound_is_refused(tmp_path, reader):
    (tmp_path / "a.txt").write_text("seven\n" * 40)
    with pytest.raises((FormatError, DependencyError), match=r"another kind|no WAV file"):
        Recording(tmp_path / "a.txt")
    with pytest.raises(InputError, match="there is no such file"):
        Recording(tmp_path / "b.wav")
    with pytest.raises(InputError, match="it is a folder"):
        Recording(tmp_path)


def test_no_samples_are_refused(tmp_path, reader):
    path = written(tmp_path / "a.wav", np.zeros(0, np.int16))
    with pytest.raises(InputError, match=r"0 samples|damaged"), Recording(path) as recording:
        recording.samples()


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_numbers_that_are_none_are_refused(tmp_path, reader, number):
    samples = SINE.astype(np.float32)
    samples[2000] = number
    with (
        Recording(written(tmp_path / "a.wav", samples)) as recording,
        pytest.raises(FormatError, match=r"at 0\.250 s"),
    ):
        recording.samples()
    with pytest.raises(InputError, match="finite"):
        Samples(samples, RATE)


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.zeros(0), "0 samples"),
        (np.zeros((2, 3, 4)), r"shape \(2, 3, 4\)"),
        (np.array(["a"]), "as numbers"),
        (np.zeros(4, complex), "as numbers"),
        (3.0, r"shape \(\)"),
    ],
)
def test_samples_that_are_none_are_refused(samples, message):
    with pytest.raises(InputError, match=message):
        Samples(samples, RATE)


@pytest.mark.parametrize("rate", [0, -8000, True, 10**9])
def test_rates_that_are_none_are_refused(rate):
    with pytest.raises(InputError, match="rate must be"):
        Samples(SINE, rate)


def test_channels_are_mixed_and_integers_scaled():
    assert mono(np.array([[16384, 0], [-32768, -32768]], np.int16)).tolist() == [0.25, -1.0]
    assert mono(np.array([128, 0, 255], np.uint8)).tolist() == [0.0, -1.0, 127 / 128]


def test_memory_holds_a_block(tmp_path, reader, monkeypatch):
    """Blocks of a file of any length are as long as `BLOCK` says."""
    monkeypatch.setattr(sound_files, "BLOCK", 1000)
    path = written(tmp_path / "a.wav", np.ones((3500, 2), np.int16))
    with Recording(path) as recording:
        assert max(map(len, recording.blocks())) <= 1000


def test_pieces_are_cut_where_it_is_quiet():
    generator = np.random.default_rng(2)
    loud = [generator.standard_normal(int(seconds * RATE)).astype(np.float32) for seconds in (3, 4, 2.5, 1)]
    quiet = np.zeros(RATE // 2, np.float32)
    whole = np.concatenate([part for one in loud for part in (one, quiet)])
    blocks = [whole[at : at + 3000] for at in range(0, len(whole), 3000)]
    cut = list(pieces(blocks, RATE, longest=5))
    assert np.concatenate([piece for _, piece in cut]).tolist() == whole.tolist()
    assert [begin for begin, _ in cut] == np.cumsum([0, *(len(piece) for _, piece in cut[:-1])]).tolist()
    assert max(len(piece) for _, piece in cut) <= 5 * RATE
    for begin, _ in cut[1:]:
        assert not whole[begin - 500 : begin + 500].any()

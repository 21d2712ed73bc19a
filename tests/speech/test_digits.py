"""The recognizer of digits that ships; tests with real recordings are skipped without $EMBEDKIT_DATA."""

import csv
import io
import lzma
import os
from pathlib import Path

import numpy as np
import pytest

from embedkit import join_recordings, load_predictor, transcript_errors
from embedkit.shipped_files import shipped_path
from embedkit.speech.augmentation import colored_noise
from embedkit_corpora.digits import REPORT, WORDS

DATA = Path(os.environ.get("EMBEDKIT_DATA", "none"), "more/speech")
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="needs $EMBEDKIT_DATA")
RATE = 8000


@pytest.fixture(scope="module")
def digits():
    return load_predictor("digits")


@pytest.fixture(scope="module")
def held_out():
    """Recordings that the model did not learn from: the samples of each, its word and its speaker."""
    rows = [row for row in csv.DictReader((DATA / "train.csv").open()) if int(row["index"]) in REPORT]
    speakers = {
        name: np.load(io.BytesIO(lzma.decompress((DATA / f"train_{name}.npy.xz").read_bytes())))
        for name in {row["speaker"] for row in rows}
    }
    places = [(row, int(row["start"]), int(row["length"])) for row in rows]
    return [
        (speakers[row["speaker"]][start : start + length], WORDS[int(row["digit"])], row["speaker"])
        for row, start, length in places
    ]


def test_the_file_is_small_and_tells_its_license(digits):
    assert shipped_path("digits.safetensors").stat().st_size < 1_000_000
    assert digits.classes.tolist() == sorted(WORDS)
    assert "CC BY-SA 4.0" in digits.metadata["license"]
    assert digits.metadata["metrics"].keys() == {"one digit", "five digits"}


@pytest.mark.parametrize("color", [0.0, 0.9])
@pytest.mark.parametrize("loudness", [0.0, 0.001, 0.3])
def test_where_nobody_speaks_nothing_is_heard(digits, color, loudness):
    noise = colored_noise(3 * RATE, color, np.random.default_rng(1))
    assert digits.transcribe(loudness * noise).text == ""


@needs_data
def test_digits_are_heard(digits, held_out):
    heard = [digits.transcribe(samples).text for samples, _, _ in held_out]
    assert transcript_errors([word for _, word, _ in held_out], heard).rate.value <= 0.03


@needs_data
def test_a_digit_is_found_among_others(digits, held_out):
    generator = np.random.default_rng(2)
    some = [held_out[place] for place in generator.permutation(len(held_out))[:60]]
    floats = [samples.astype(np.float32) / 32768 for samples, _, _ in some]
    joined, times = join_recordings(floats, RATE, pauses=(0.2, 1.5), generator=generator)
    found = digits.find("seven", joined)
    wanted = times[[place for place, (_, word, _) in enumerate(some) if word == "seven"]]
    within = [any(begin - 0.1 < hit.begin and hit.end < end + 0.1 for hit in found) for begin, end in wanted]
    assert sum(within) >= len(wanted) - 1
    assert len(found) <= len(wanted) + 1

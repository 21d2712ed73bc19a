"""Training fastText on the command line."""

import json
from pathlib import Path

import numpy as np
import pytest

from embedkit import Embeddings
from embedkit.vectors.formats import fasttext_binary

TRAIN = (
    "train-fasttext text.txt --vector-size 20 --sample 0 --epochs 2 --workers 1 --min-count 1 --bucket 500"
)


def test_both_files_give_any_word_the_same_vector(run, text):
    for name in ("v.safetensors", "v.bin"):
        assert run(f"{TRAIN} -o {name} --keep-output").exit_code == 0
    native, model = Embeddings.load("v.safetensors"), Embeddings.load("v.bin")
    words = [*native, "cattish", "Ångström"]
    np.testing.assert_array_equal(native.rows(words), model.rows(words))
    np.testing.assert_array_equal(native.output_vectors, model.output_vectors)
    predicted = [run(f"predict-word cat -v {name}").stdout for name in ("v.safetensors", "v.bin")]
    assert predicted[0] == predicted[1]
    assert json.loads(run("info v.bin --format json").stdout)["output_vectors"] == "kept"
    told = json.loads(run("info v.safetensors --format json").stdout)
    assert told["made"]["trainer"] == "fasttext"
    assert told["made"]["parameters"]["bucket"] == 500
    assert fasttext_binary.matches(Path("v.bin").read_bytes()[:16])


def test_deterministic_files_are_the_same_for_any_number_of_workers(run, text):
    found = set()
    for workers in (1, 3):
        command = TRAIN.replace("--workers 1", f"--workers {workers} --deterministic --round-words 20")
        assert run(f"{command} -o v.safetensors").exit_code == 0
        found.add(Path("v.safetensors").read_bytes())
    assert len(found) == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("-o v.bin --min-n 7", "min_n must be at most max_n (6), got 7; max_n=0 is for no n-grams"),
        ("-o v.bin --bucket 0", "bucket must be at least 1, got 0"),
        (
            "-o v.txt --keep-output",
            "--keep-output needs a format that keeps output vectors, .safetensors, got",
        ),
    ],
)
def test_bad_options_are_refused(run, text, options, message):
    result = run(f"train-fasttext text.txt {options}")
    assert result.exit_code == 2
    assert message in result.stderr

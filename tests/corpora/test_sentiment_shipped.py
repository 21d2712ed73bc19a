"""The model of English sentiment that ships: small, honest about itself, right about the obvious."""

import subprocess
import sys

import pytest

from embedkit import load_model
from embedkit.model_files import model_path


@pytest.fixture(scope="module")
def model():
    return load_model()


def test_it_is_small_and_says_how_good_it_is(model):
    assert model_path("sentiment").stat().st_size <= 1_500_000
    metrics = {score["metric"]: score for score in model.metadata_["metrics"]}
    assert 0.88 < metrics["accuracy"]["low"] < metrics["accuracy"]["value"] < metrics["accuracy"]["high"]
    assert model.metadata_["validation"]["texts"] == 2500
    assert "train-classifier" in model.metadata_["command"]
    assert model.classes_.tolist() == ["negative", "positive"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("a waste of two hours", "negative"),
        ("The most boring film of the year, and badly acted.", "negative"),
        ("I wanted to like it but it was a terrible mess", "negative"),
        ("I loved every minute of it", "positive"),
        ("A wonderful, moving film with superb acting", "positive"),
        ("the plot is thin but the acting is superb", "positive"),
    ],
)
def test_it_is_right_about_the_obvious(model, text, label):
    assert model.predict([text]).tolist() == [label]
    assert model.predict_proba([text]).max() > 0.8


def test_it_answers_without_tensorflow():
    code = (
        "import sys; from embedkit_cli.main import main\n"
        "try: main(['classify', 'a waste of two hours'])\n"
        "finally: print([name for name in ('tensorflow', 'keras', 'numba') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    label, modules = ran.stdout.splitlines()
    assert label.startswith("negative  0.9")
    assert modules == "[]"

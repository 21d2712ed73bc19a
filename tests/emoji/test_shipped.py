"""The model that ships answers what is plain, is small, and is as good as it says."""

import shutil

import numpy as np
import pytest

from embedkit import FormatError, load_model, load_predictor
from embedkit.shipped_files import shipped_path
from embedkit.text.datasets.reading import read_labeled

MODEL = shipped_path("emojify.safetensors")
LARGEST = 1_000_000  # bytes


@pytest.fixture(scope="module")
def shipped():
    return load_model(MODEL)


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        ("I love you", "❤️"),
        ("lets play ball", "⚾"),
        ("I want pizza", "🍴"),
        ("my dog is cute", "🐶"),
        ("my flight was cancelled", "✈️"),
        ("thank you so much", "🙏"),
        ("happy birthday grandma", "🎂"),
        ("haha that is so funny", "😂"),
        ("not happy at all", "😞"),
        ("I'm not sad any more", "😄"),
        ("coffee, not pizza", "☕"),
        ("pizza, not coffee", "🍴"),
    ],
)
def test_plain_sentences_get_their_emoji(shipped, text, emoji):
    assert shipped.predict([text]).tolist() == [emoji]


def test_it_is_small():
    assert MODEL.stat().st_size <= LARGEST


def test_it_is_as_good_as_it_says(shipped):
    test = read_labeled(shipped_path("emoji/sentences.tsv"), only="part=test")
    training = read_labeled(shipped_path("emoji/sentences.tsv"), only="part=train")
    known = shipped.metadata_
    assert known["data"]["sha256"] == training.describe()["sha256"]
    assert known["validation"]["sha256"] == test.describe()["sha256"]
    right = shipped.predict(test.texts) == np.array(test.labels)
    [accuracy] = [entry["value"] for entry in known["metrics"] if entry["metric"] == "accuracy"]
    assert right.mean() == pytest.approx(accuracy, abs=0.01)


@pytest.mark.parametrize("labels", [[None], 3, "ab", ["a", ["b", "c"]], [["a", None]], [["a", "b", "c"]]])
def test_labels_of_another_form_are_refused(tmp_path, rewrite, labels):
    path = tmp_path / "emojify.safetensors"
    shutil.copy(MODEL, path)
    rewrite(path, lambda content, tensors: content["parameters"].update(labels=labels))
    with pytest.raises(FormatError, match="expected labels of emoji, got"):
        load_predictor(path)

"""The vectors behind the shipped emojifier: how words are chosen, and what labels add to them."""

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary, load
from embedkit.progress import SILENT
from embedkit.shipped_files import shipped_path
from embedkit.text.datasets.reading import read_labeled
from embedkit_corpora import everyday


def test_the_short_list_has_our_words_and_the_most_frequent(monkeypatch):
    assert any("giggle" in text for text in read_labeled(everyday.SENTENCES, only="part=train").texts)
    words = ["the", "of", "xyzzy", "giggle", "plugh", "zorkmid"]
    monkeypatch.setattr(everyday, "SHORT", 4)
    vectors = Embeddings(np.eye(6), Vocabulary(words), {})
    assert everyday.short_list(vectors) == ["the", "of", "xyzzy", "giggle"]


@pytest.mark.tensorflow
def test_what_labels_ask_for_reaches_words_without_labels():
    random = np.random.default_rng(1)
    words = [f"{name}{number}" for name in ("sad", "glad") for number in range(120)]
    shared = np.repeat(random.normal(size=(2, 6)), 120, axis=0)  # what the words of each class have in common
    noise = random.normal(size=(240, 20))
    vectors = Embeddings(np.hstack([shared, noise]) / 10, Vocabulary(words))
    learned = [word for word in words if int(word.lstrip("sadgl")) < 100]
    labels = [word.rstrip("0123456789") for word in learned]
    found = everyday.tuned_vectors(vectors, learned * 5, labels * 5, 8, 10, SILENT)
    assert (found.shape, found.dtype) == ((240, 8), np.float32)
    unseen = [number for number, word in enumerate(words) if word not in learned]
    plain, tuned = (_apart(rows[unseen]) for rows in (vectors.matrix, found))
    assert tuned > 1.3 * plain


def test_words_without_a_vector_get_one_from_their_others():
    random = np.random.default_rng(2)
    rows = 9 * random.normal(size=(300, 4))
    words = [f"w{number}" for number in range(300)]
    wanted = rows @ random.normal(size=(4, 3)) + 5
    some = Embeddings(wanted[:200], words[:200])
    found = everyday.completed(Embeddings(rows, words), some)
    np.testing.assert_array_equal(found[:200], some.matrix)
    np.testing.assert_allclose(found[200:], wanted[200:], atol=0.5)


def test_principal_components_are_turned_so_that_all_dimensions_vary_alike(monkeypatch):
    monkeypatch.setattr(everyday, "COMPONENTS", 8)
    rows = np.random.default_rng(3).normal(size=(500, 8)) * 2.0 ** -np.arange(8)
    found = everyday.shortened(Embeddings(rows, [f"w{number}" for number in range(500)])).matrix
    deviations = found.std(axis=0)
    assert deviations.max() / deviations.min() < 8
    between = [np.linalg.norm(some[:50, None] - some[:50], axis=2) for some in (found, rows)]
    np.testing.assert_allclose(*between, atol=1e-4)


def test_the_vectors_that_ship_tell_whose_labels_they_know():
    assert shipped_path("everyday.safetensors").stat().st_size <= 7_000_000
    vectors = load("everyday")
    assert (len(vectors), vectors.vector_size) == (everyday.BUNDLED, everyday.COMPONENTS)
    assert vectors.metadata["transforms"][-1]["labels"] == ["sentences.tsv", "sst2/train.tsv"]
    assert "--bundled" in vectors.metadata["command"]
    assert vectors.tokenizer.tokenize("I'm so happy") == ["i'm", "so", "happy"]


def _apart(rows):
    """How far the means of two classes of 20 words are apart, in the root mean square distance from them."""
    classes = rows.reshape(2, 20, -1)
    means = classes.mean(axis=1, keepdims=True)
    return np.linalg.norm(means[0] - means[1]) / np.sqrt(np.square(classes - means).sum(axis=2).mean())

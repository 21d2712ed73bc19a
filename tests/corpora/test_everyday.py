"""The vectors behind the shipped emojifier: how words are chosen, and what labels add to them."""

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.progress import SILENT
from embedkit.text.datasets.reading import read_labelled
from embedkit_corpora import everyday


def test_the_short_list_has_our_words_and_the_most_frequent(monkeypatch):
    assert any("giggle" in text for text in read_labelled(everyday.SENTENCES, only="part=train").texts)
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
    learnt = [word for word in words if int(word.lstrip("sadgl")) < 100]
    labels = [word.rstrip("0123456789") for word in learnt]
    found = everyday.tuned_vectors(vectors, learnt * 5, labels * 5, 8, 10, SILENT)
    assert (found.shape, found.dtype) == ((240, 8), np.float32)
    unseen = [number for number, word in enumerate(words) if word not in learnt]
    plain, tuned = (_apart(rows[unseen]) for rows in (vectors.matrix, found))
    assert tuned > 1.3 * plain


def _apart(rows):
    """How far the means of two classes of 20 words are apart, in the root mean square distance from them."""
    classes = rows.reshape(2, 20, -1)
    means = classes.mean(axis=1, keepdims=True)
    return np.linalg.norm(means[0] - means[1]) / np.sqrt(np.square(classes - means).sum(axis=2).mean())

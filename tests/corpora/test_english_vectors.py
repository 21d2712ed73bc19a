"""How small English vectors are made of those of word2vec and fastText."""

import numpy as np
import pytest

from embedkit import Embeddings
from embedkit_corpora.english_vectors import DIMENSIONS, joined


@pytest.mark.parametrize("whitening", [0, 0.3])
def test_the_strongest_components_of_both_spaces_are_kept(whitening):
    random = np.random.default_rng(0)
    meaning, form = random.normal(size=(2, 300, 60))
    words = [f"w{i}" for i in range(300)]
    spaces = Embeddings(meaning, words), Embeddings(form, words)
    made = joined(*spaces, weight=2, whitening=whitening)
    rows = np.hstack([_even(meaning), 2 * _even(form)])
    left, lengths, _ = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    strongest = left * lengths * (lengths / np.sqrt(300)) ** -whitening
    strongest = strongest[:, :DIMENSIONS]
    np.testing.assert_allclose(made.matrix @ made.matrix.T, strongest @ strongest.T, atol=1e-3)
    assert made.vocabulary.words == tuple(words)


def _even(rows):
    """Rows of length 1, centered, of length 1 again."""
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    rows = rows - rows.mean(axis=0)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)

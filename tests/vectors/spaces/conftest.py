import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary


@pytest.fixture
def correlated():
    """400 words of 6 dimensions that are correlated and far from zero in the mean."""
    generator = np.random.default_rng(3)
    mixing = np.diag([5, 3, 2, 1, 0.5, 0.2]) @ np.linalg.qr(generator.normal(size=(6, 6)))[0]
    rows = generator.normal(size=(400, 6)) @ mixing + np.arange(6)
    return Embeddings(rows, Vocabulary([f"w{i}" for i in range(400)], np.arange(400, 0, -1)), {"tool": "x"})


@pytest.fixture
def counted():
    """A function that makes vectors of words with counts: {"cat": ([1, 0], 5)}."""

    def made(words):
        rows, counts = zip(*words.values(), strict=True)
        return Embeddings(np.array(rows, float), Vocabulary(list(words), np.array(counts)))

    return made

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary


@pytest.fixture
def plane():
    """Words at known angles: cosines can be worked out by hand."""
    vectors = {"east": (2, 0), "north": (0, 3), "northeast": (1, 1), "west": (-1, 0), "nothing": (0, 0)}
    return Embeddings(np.array(list(vectors.values()), float), Vocabulary(list(vectors)), {"seed": 7})


@pytest.fixture
def royals():
    """Every word is royalty + gender + age, one number each, so that analogies hold exactly."""
    vectors = {
        "man": (1, 1, 0, 1),
        "woman": (1, -1, 0, 1),
        "king": (1, 1, 1, 1),
        "queen": (1, -1, 1, 1),
        "boy": (1, 1, 0, -1),
        "girl": (1, -1, 0, -1),
        "stone": (-1, 0, 0, 0),
    }
    return Embeddings(np.array(list(vectors.values()), float), Vocabulary(list(vectors)))


@pytest.fixture
def random_space():
    """500 random words of 12 dimensions, with counts and metadata."""
    generator = np.random.default_rng(5)
    words = [f"word{i}" for i in range(500)]
    vocabulary = Vocabulary(words, np.arange(500, 0, -1))
    return Embeddings(generator.normal(0.2, 1, (500, 12)), vocabulary, {"epochs": 3, "tool": "tést"})

import numpy as np
import pytest

WORDS = ["awful", "bad", "dull", "plain", "fine", "good", "great"]


@pytest.fixture(scope="module")
def rated():
    """240 texts whose rating, from 1 to 7, is the mean of what three of their words stand for."""
    random = np.random.default_rng(1)
    texts, ratings = [], []
    for _ in range(240):
        stars = random.integers(7, size=3)
        others = random.choice(["film", "plot", "music"], 3)
        texts.append(" ".join(random.permutation([*(WORDS[star] for star in stars), *others])))
        ratings.append(1 + stars.mean())
    return texts, np.array(ratings)

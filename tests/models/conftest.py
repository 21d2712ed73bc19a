import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary

PLAIN = {"name": "words", "lowercase": True, "numbers": True, "punctuation": False}
GOOD, BAD, OTHER = (
    ["fine", "lovely", "great"],
    ["dull", "poor", "awful"],
    ["film", "plot", "music", "actor", "scene"],
)


@pytest.fixture
def reviews():
    """120 texts whose class, good or bad, two of their words decide."""
    random = np.random.default_rng(1)
    texts, labels = [], []
    for number in range(120):
        words = [*random.choice(GOOD if number % 2 else BAD, 2), *random.choice(OTHER, 6)]
        texts.append(" ".join(random.permutation(words)))
        labels.append("good" if number % 2 else "bad")
    return texts, labels


@pytest.fixture
def topics():
    """270 texts of three classes."""
    words = {"sea": "ship wave salt", "sky": "cloud wing blue", "soil": "root worm seed"}
    random = np.random.default_rng(2)
    labels = [list(words)[number % 3] for number in range(270)]
    return [" ".join(random.choice(words[label].split(), 4)) for label in labels], labels


@pytest.fixture
def tagged(topics):
    """240 texts, each of two of the topics joined or of one, with all their labels."""
    texts, labels = topics
    joined = [f"{texts[i]} {texts[i + 1]}" if i % 2 else texts[i] for i in range(240)]
    return joined, [(labels[i], labels[i + 1]) if i % 2 else (labels[i],) for i in range(240)]


@pytest.fixture(scope="session")
def space():
    """Random vectors of all the words of the reviews and topics."""
    words = [*GOOD, *BAD, *OTHER, *["ship", "wave", "salt", "cloud", "wing", "blue", "root", "worm", "seed"]]
    matrix = np.random.default_rng(3).normal(size=(len(words), 12))
    return Embeddings(matrix, Vocabulary(words), {"tokenizer": PLAIN, "trainer": "word2vec"})

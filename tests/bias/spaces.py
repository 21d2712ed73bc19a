"""Hand-made spaces and topics that the tests of this folder share."""

import numpy as np

from embedkit import Embeddings, Vocabulary
from embedkit.bias.topics.topic import Topic


def space(rows, metadata=None):
    """The vectors of a dictionary of words."""
    return Embeddings(np.array(list(rows.values()), float), Vocabulary(list(rows)), metadata)


def direct_bias(vectors, words, direction):
    """The mean absolute cosine of words with a direction."""
    return float(np.abs(vectors.unit_matrix[vectors.vocabulary.encode(words)] @ direction).mean())


PAIRS = Topic(
    name="pairs",
    classes={"f": ["she", "her"], "m": ["he", "his"]},
    definitional=[["she", "he"], ["her", "his"]],
    equalize=[["she", "he"], ["her", "his"]],
    specific=["actress"],
    neutral=["nurse", "cook"],
)

GENDERED = {
    "she": (1.0, 1.0, 0.0),
    "he": (-1.0, 1.0, 0.0),
    "her": (1.0, 0.0, 1.0),
    "his": (-1.0, 0.0, 1.0),
    "actress": (3.0, 4.0, 0.0),
    "nurse": (0.6, 0.8, 0.0),
    "cook": (-1.0, 0.0, 2.0),
}


def random_space(seed, words=60, size=8):
    """Random vectors whose first words are those of `PAIRS`."""
    generator = np.random.default_rng(seed)
    names = [*GENDERED, *(f"word{i}" for i in range(words - len(GENDERED)))]
    return Embeddings(generator.normal(0.1, 1, (words, size)), Vocabulary(names))


def three_classes(seed=1, words=80, size=10):
    """Random vectors and a topic of three classes with two sets."""
    generator = np.random.default_rng(seed)
    names = ["a1", "b1", "c1", "a2", "b2", "c2", *(f"word{i}" for i in range(words - 6))]
    vectors = Embeddings(generator.normal(0, 1, (words, size)), Vocabulary(names))
    sets = [["a1", "b1", "c1"], ["a2", "b2", "c2"]]
    classes = {"a": ["a1", "a2"], "b": ["b1", "b2"], "c": ["c1", "c2"]}
    return vectors, Topic(name="three", classes=classes, definitional=sets, equalize=sets)

"""A small model that has learned to spell words backwards in capitals."""

import pytest

from embedkit import Seq2Seq

WORDS = [first + second + third for first in "abc" for second in "abc" for third in ("", "a", "b", "c")]
SMALL = {
    "tokens": "characters",
    "units": 16,
    "vector_size": 8,
    "batch_size": 6,
    "learning_rate": 0.02,
    "validation_fraction": 0.0,
    "dropout": 0.0,
    "label_smoothing": 0.0,
}


def trained_backwards():
    return Seq2Seq(**SMALL, epochs=40).train(WORDS, [word[::-1].upper() for word in WORDS])


@pytest.fixture(scope="session")
def backwards():
    return trained_backwards()

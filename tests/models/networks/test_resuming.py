"""A network whose training was interrupted is the same, to the byte."""

import pytest

from embedkit import TextClassifier
from tests.marks import NEEDS_LOCKS

pytestmark = [
    pytest.mark.tensorflow,
    NEEDS_LOCKS,
]
TEXTS, LABELS = ["good film", "bad film", "a good one", "one bad thing"] * 10, [1, 0] * 20
KINDS = {
    "adam": {"layers": "dropout:0.3 bilstm:4 max", "average": 0.9},
    "sgd": {"layers": "mean dropout:0.3", "optimizer": "sgd", "decay": "plateau", "learning_rate": 0.1},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_bytes_are_those_of_a_training_that_was_not_interrupted(resumed, kind):
    settings = {"embeddings": "random", "vector_size": 4, "epochs": 4, "batch_size": 8, **KINDS[kind]}

    def make(target, **watched):
        TextClassifier(**settings, min_count=1).fit(TEXTS, LABELS, **watched).save(target)

    whole, found, (told,) = resumed(make)
    assert told.startswith("continuing: epoch ")
    assert found == whole

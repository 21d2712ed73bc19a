"""A language model whose training was interrupted is the same, to the byte."""

import pytest

from embedkit import RecurrentLanguageModel, Texts
from tests.marks import NEEDS_LOCKS

pytestmark = NEEDS_LOCKS
SMALL = {"units": 24, "vector_size": 24, "batch_size": 8, "learning_rate": 0.03, "min_count": 1, "epochs": 4}
KINDS = {
    "lines": {"independent_lines": True, "patience": 2, "word_dropout": 0.1},
    "streams": {"softmax_samples": 5, "steps": 6, "averaging": 0.9},
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_bytes_are_those_of_a_training_that_was_not_interrupted(resumed, kind):
    names = Texts(["anna", "hanna", "annika", "hannes", "inka", "kai", "kaia", "nikas"] * 10)
    trainer = RecurrentLanguageModel(**SMALL, unit="characters", **KINDS[kind])
    whole, found, (told,) = resumed(lambda target, **watched: trainer.train(names, **watched).save(target))
    assert told.startswith("continuing: epoch ")
    assert found == whole

"""A network whose training was interrupted is the same, to the byte."""

import pytest
from sklearn.base import clone

from embedkit import DocumentVectorClassifier, EnsembleClassifier, TextClassifier, TextRegressor
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


SMALL = {"layers": "mean dropout:0.3", "embeddings": "random", "vector_size": 4, "min_count": 1}
SHORT = {"epochs": 4, "batch_size": 8}
DOCUMENTS = DocumentVectorClassifier(vector_size=20, min_df=1, epochs=1, workers=1)
MODELS = {
    "regressor": TextRegressor(**SMALL, **SHORT),
    "ensemble": EnsembleClassifier(TextClassifier(**SMALL, **SHORT), documents=DOCUMENTS, document_share=0.1),
}


@pytest.mark.parametrize("kind", MODELS)
def test_so_are_models_that_a_network_is_in(resumed, kind):
    def make(target, **watched):
        clone(MODELS[kind]).fit(TEXTS, LABELS, **watched).save(target)

    whole, found, (told,) = resumed(make, [0.5])
    assert told.startswith("continuing: epoch ")
    assert found == whole

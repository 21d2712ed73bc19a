import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from embedkit import Embeddings, InputError, TextVectors, Vocabulary

VECTORS = Embeddings(
    [[1, 1, 1], [2, 0, 0], [0, 1, 0], [0, 0, 1]],
    Vocabulary.from_counts({"the": 60, "cat": 20, "bus": 10, "dog": 10}),
)
TEXTS = ["the cat", "a dog and the cat", "the bus", "bus bus", "the the"]
LABELS = ["animal", "animal", "traffic", "traffic", "traffic"]


@pytest.mark.parametrize("weights", ["mean", "sif", "usif", "tfidf"])
def test_it_gives_what_vectors_encode(weights):
    encoded = VECTORS.encode(TEXTS, weights, 1, smoothing=0.1)
    transformer = TextVectors(vectors=VECTORS, weights=weights, components=1, smoothing=0.1)
    np.testing.assert_array_equal(transformer.fit_transform(TEXTS), encoded)
    np.testing.assert_array_equal(transformer.fit(TEXTS).transform(TEXTS), encoded)
    assert encoded.dtype == np.float32


def test_what_was_learned_stays():
    transformer = TextVectors(vectors=VECTORS, weights="tfidf", components=1).fit(TEXTS)
    np.testing.assert_allclose(transformer.transform(TEXTS[:1]), transformer.transform(TEXTS)[:1], rtol=1e-6)


def test_it_works_in_a_pipeline_with_a_search_for_parameters():
    pipeline = make_pipeline(TextVectors(vectors=VECTORS), LogisticRegression())
    grid = {"textvectors__weights": ["mean", "sif"], "textvectors__components": [0, 1]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(TEXTS[:4], LABELS[:4])
    assert len(search.cv_results_["params"]) == 4
    assert search.predict(["cat", "bus"]).tolist() == ["animal", "traffic"]


def test_columns_have_names():
    transformer = TextVectors(vectors=VECTORS).fit(TEXTS)
    assert transformer.get_feature_names_out().tolist() == ["d0", "d1", "d2"]


def test_clones_share_the_vectors_and_are_not_fitted():
    transformer = TextVectors(vectors=VECTORS, weights="usif").fit(TEXTS)
    copy = clone(transformer)
    assert copy.vectors is VECTORS
    assert copy.get_params() == transformer.get_params()
    with pytest.raises(NotFittedError):
        copy.transform(TEXTS)


def test_pickles_encode_alike():
    transformer = TextVectors(vectors=VECTORS, components=1).fit(TEXTS)
    again = pickle.loads(pickle.dumps(transformer))
    np.testing.assert_array_equal(again.transform(TEXTS), transformer.transform(TEXTS))


def test_vectors_may_be_a_file(tmp_path):
    VECTORS.save(tmp_path / "v.txt")
    transformer = TextVectors(vectors=tmp_path / "v.txt", weights="mean").fit(TEXTS)
    np.testing.assert_allclose(transformer.transform(["cat"]), [[2, 0, 0]])


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"vectors": 3}, 'vectors must be "english", "everyday", a file or Embeddings, got 3'),
        ({"weights": "sum"}, "weights must be one of"),
        ({"components": 2.5}, "components must be a whole number"),
    ],
)
def test_wrong_parameters_are_refused(parameters, message):
    with pytest.raises(InputError, match=message):
        TextVectors(**{"vectors": VECTORS, **parameters}).fit(TEXTS)


def test_texts_without_known_words_are_refused_by_fit_and_zero_later():
    with pytest.raises(InputError, match="no word of the texts has a vector, though there are 4"):
        TextVectors(vectors=VECTORS).fit(["x y", ""])
    with pytest.raises(InputError, match="expected texts, got nan as text 1"):
        TextVectors(vectors=VECTORS).fit(["cat", float("nan")])
    assert not TextVectors(vectors=VECTORS).fit(TEXTS).transform(["x y", ""]).any()

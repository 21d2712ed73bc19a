"""The transformer gives what the model of its texts infers, in pipelines too."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from embedkit import DocumentVectors, InputError

SMALL = {"vector_size": 20, "min_count": 2, "sample": 0.0, "epochs": 30, "learning_rate": 0.1, "workers": 1}


@pytest.fixture
def fitted(reviews):
    return DocumentVectors(**SMALL).fit(reviews[0])


def test_what_the_model_infers(fitted, reviews):
    texts = [*reviews[0][:5], "", "unheard"]
    vectors = fitted.transform(texts)
    np.testing.assert_array_equal(vectors, fitted.model_.infer(texts))
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors[5:], 0)
    assert fitted.get_feature_names_out().tolist()[-1] == "d19"


def test_in_a_pipeline(reviews):
    texts, labels = reviews
    model = make_pipeline(DocumentVectors(**SMALL), LogisticRegression(C=100)).fit(texts[:80], labels[:80])
    assert model.score(texts[80:], labels[80:]) > 0.8


def test_lists_of_tokens(reviews):
    texts = [text.split() for text in reviews[0]]
    fitted = DocumentVectors(**SMALL).fit(texts)
    assert fitted.transform(texts).shape == (len(texts), 20)
    with pytest.raises(InputError, match="tokens"):
        fitted.transform(reviews[0])


def test_clones_are_not_fitted(fitted):
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "model_")


@pytest.mark.parametrize(
    ("texts", "changes", "match"),
    [
        ([], {}, "at least one text"),
        (["", "!"], {}, "no word"),
        (["a b", "b a"], {"model": "dm", "ngrams": 2}, "is for model"),
        (["a b", "b a"], {"numbers": "none"}, "numbers must be"),
        ("a b", {}, "put it in a list"),
    ],
)
def test_bad_input(texts, changes, match):
    with pytest.raises(InputError, match=match):
        DocumentVectors(**{**SMALL, **changes}).fit(texts)

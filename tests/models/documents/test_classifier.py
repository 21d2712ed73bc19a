"""Document vectors tell classes apart, alone and from a file."""

import numpy as np
import pytest
from scipy.sparse import hstack
from sklearn.linear_model import LogisticRegression

from embedkit.errors import FormatError, InputError
from embedkit.model_files import load_model, load_predictor
from embedkit.models.documents.classifier import DocumentVectorClassifier
from embedkit.models.linear.tfidf import TfidfClassifier

SMALL = {"vector_size": 24, "min_df": 2, "ngrams": 2, "sample": 0.0, "workers": 1}


@pytest.fixture
def model():
    return DocumentVectorClassifier(**SMALL)


@pytest.fixture
def fitted(model, reviews):
    return model.fit(*reviews)


def test_two_classes(model, reviews):
    texts, labels = reviews
    model.fit(texts[:80], labels[:80])
    assert model.score(texts[80:], labels[80:]) > 0.9
    assert model.classes_.tolist() == ["bad", "good"]


def test_more_classes(model, topics):
    texts, labels = topics
    model.fit(texts[:90], labels[:90])
    assert model.score(texts[90:], labels[90:]) > 0.97
    assert model.decision_function(texts[:5]).shape == (5, 3)


def test_several_labels(model, tagged):
    texts, labels = tagged
    model.fit(texts[:180], labels[:180])
    assert model.score(texts[180:], labels[180:]) > 0.8


def test_texts_without_labels_teach_words(reviews):
    texts, labels = reviews
    alone = DocumentVectorClassifier(**SMALL).fit(texts[:10], labels[:10])
    taught = DocumentVectorClassifier(**SMALL, unlabeled=texts[10:]).fit(texts[:10], labels[:10])
    assert len(taught.words_) > len(alone.words_) or taught.score(texts, labels) >= alone.score(texts, labels)
    assert taught.score(texts[10:], labels[10:]) > 0.85


def test_the_vector_of_a_text_depends_on_no_other(fitted, reviews):
    texts, _ = reviews
    together = fitted.transform(texts)
    np.testing.assert_array_equal(fitted.transform(texts[7:9]), together[7:9])
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)
    assert fitted.get_feature_names_out().tolist()[:2] == ["d0", "d1"]


def test_labels_have_no_part_in_the_vectors(fitted, reviews):
    texts, labels = reviews
    other = DocumentVectorClassifier(**SMALL).fit(texts, labels[::-1])
    np.testing.assert_array_equal(other.transform(texts), fitted.transform(texts))


def test_a_text_without_a_known_word_has_the_odds_of_the_intercept(fitted):
    scores = fitted.decision_function(["unheard", ""])
    np.testing.assert_array_equal(scores, fitted.predictor_.intercept[0])
    assert fitted.unknown_shares(["unheard", "", "fine film"]).tolist() == [1, 1, 0]


def test_from_a_file(fitted, reviews, tmp_path):
    texts, _ = reviews
    fitted.save(tmp_path / "m.safetensors", {"note": 1})
    for read in (load_model, load_predictor):
        np.testing.assert_array_equal(
            read(tmp_path / "m.safetensors").predict_proba(texts), fitted.predict_proba(texts)
        )
    assert load_model(tmp_path / "m.safetensors").get_params()["vector_size"] == 24


def test_ngrams_count_beside_vectors_of_half_their_length(reviews):
    texts, labels = reviews
    model = DocumentVectorClassifier(**SMALL, with_ngrams=True, C=10.0).fit(texts[:80], labels[:80])
    alone = DocumentVectorClassifier(**SMALL).fit(texts[:80], labels[:80])
    np.testing.assert_array_equal(model.transform(texts), alone.transform(texts))
    rows = TfidfClassifier(ngrams=2, min_df=2).fit(texts[:80], labels[:80]).transform(texts)
    both = hstack([0.5 * alone.transform(texts), rows], format="csr")
    expected = LogisticRegression(C=10.0, max_iter=1000).fit(both[:80], labels[:80])
    np.testing.assert_allclose(
        model.decision_function(texts), expected.decision_function(both), rtol=1e-3, atol=1e-3
    )


def test_with_ngrams_from_a_file(reviews, tmp_path):
    texts, labels = reviews
    model = DocumentVectorClassifier(**SMALL, with_ngrams=True).fit(texts, labels)
    model.save(tmp_path / "m.safetensors")
    read = load_model(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(read.predict_proba(texts), model.predict_proba(texts))
    assert read.get_params()["with_ngrams"]


@pytest.mark.parametrize("dtype", ["float16", "int8"])
def test_in_fewer_bits(fitted, reviews, tmp_path, dtype):
    texts, _ = reviews
    fitted.save(tmp_path / "whole.safetensors")
    fitted.save(tmp_path / "m.safetensors", dtype=dtype)
    found = load_predictor(tmp_path / "m.safetensors").decision_function(texts)
    moved = np.abs(found - fitted.decision_function(texts))
    assert np.quantile(moved, 0.98) < 0.1
    assert moved.max() < 0.5  # where rounding decides whether a step of inference is halved


def test_noise_that_is_no_ngram_is_refused(fitted):
    state = fitted.state()
    for noise in ([10**6], [-1], []):
        tensors = {**state.tensors, "noise": np.array(noise, np.int64)}
        with pytest.raises(FormatError, match="among its n-grams"):
            DocumentVectorClassifier.from_state(type(state)(**{**vars(state), "tensors": tensors}))


@pytest.mark.filterwarnings("ignore:only one text")
@pytest.mark.parametrize(
    ("texts", "changes", "match"),
    [
        (["good film", "bad plot"], {}, "at least 2 of 2 texts; lower min_df"),
        (["", "!"], {}, "there is no word in the 2 texts"),
        (["good", "bad"], {"cosine_scale": 0}, "cosine_scale must be"),
        (["good", "bad"], {"unlabeled": "nowhere.txt"}, "nowhere.txt"),
    ],
)
def test_bad_input(texts, changes, match):
    with pytest.raises(InputError, match=match):
        DocumentVectorClassifier(**{**SMALL, **changes}).fit(texts, ["a", "b"])

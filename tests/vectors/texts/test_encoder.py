import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Embeddings, InputError, Vocabulary, text_encoder, text_pipeline
from embedkit.text.pipeline import batches
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.text_words import read_text_words
from embedkit.vectors.texts.word_weights import DocumentFrequencyWeights, random_walk_smoothing

COUNTS = {"the": 60, "snow": 20, "alps": 10, "e-mail": 6, "3000": 4}
VECTORS = Embeddings(
    [[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 2, 2]],
    Vocabulary.from_counts(COUNTS),
    {"tokenizer": text_pipeline().recipe()},
)
TEXTS = ["The snow", "Snow-capped ALPS, 3000 m", "an e-mail", "", "nothing known", "the e-mail, the snow"]


def shares(*words):
    return np.array([COUNTS[word] / 100 for word in words])


def test_the_mean_is_that_of_the_known_words():
    expected = [[1, 0.5, 0.5], [1 / 3, 1, 2 / 3], [0, 0, 1], [0, 0, 0], [0, 0, 0], [0.75, 0.5, 0.75]]
    np.testing.assert_allclose(VECTORS.encode(TEXTS, "mean"), expected, rtol=1e-6)


def test_smooth_inverse_frequency_is_that_of_arora():
    weights = 0.01 / (0.01 + shares("the", "snow"))
    expected = (weights[0] * VECTORS["the"] + weights[1] * VECTORS["snow"]) / 2
    np.testing.assert_allclose(VECTORS.encode(TEXTS, smoothing=0.01)[0], expected, rtol=1e-6)


def test_without_counts_words_follow_zipf():
    vectors = Embeddings([[1.0, 0], [0, 1]], ["the", "cat"])
    share = np.array([2, 1]) / 3
    expected = 0.1 / (0.1 + share) / 2
    np.testing.assert_allclose(vectors.encode(["the cat"], smoothing=0.1)[0], expected, rtol=1e-6)


def test_tfidf_is_that_of_scikit_learn():
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["the snow the", "snow alps", "the the"]
    vectorizer = TfidfVectorizer(norm=None)
    counted = vectorizer.fit_transform(texts)
    matrix = VECTORS.rows(vectorizer.get_feature_names_out())
    expected = counted @ matrix / np.array([[3], [2], [2]])
    np.testing.assert_allclose(VECTORS.encode(texts, "tfidf"), expected, rtol=1e-6)


def test_a_text_holds_a_word_once_for_its_document_frequency():
    words = list(read_text_words(VECTORS, ["snow snow the", "snow", "xyz"]))
    weights = DocumentFrequencyWeights.learn(words + words)
    assert (weights.texts, weights.counts) == (6, {"snow": 4, "the": 2})
    assert weights.of(["alps"])[0] == pytest.approx(math.log(7) + 1)


def test_components_are_the_first_right_singular_vectors():
    plain = VECTORS.encode(TEXTS, "mean").astype(np.float64)
    _, _, directions = np.linalg.svd(plain)
    expected = plain - plain @ directions[:2].T @ directions[:2]
    np.testing.assert_allclose(VECTORS.encode(TEXTS, "mean", 2), expected, atol=1e-6)


def test_components_of_usif_are_taken_out_by_their_share():
    plain = VECTORS.encode(TEXTS, "usif").astype(np.float64)
    _, values, directions = np.linalg.svd(plain)
    removed = values[:2] ** 2 / (values[:2] ** 2).sum()
    expected = plain - plain @ directions[:2].T * removed @ directions[:2]
    np.testing.assert_allclose(VECTORS.encode(TEXTS, "usif", 2), expected, atol=1e-6)


def test_usif_is_that_of_ethayarajh():
    length, size = 11 / 4, len(COUNTS)  # 11 known words in 4 texts
    threshold = 1 - (1 - 1 / size) ** length
    alpha = sum(share / 100 > threshold for share in COUNTS.values()) / size
    a = (1 - alpha) / (alpha * size / 2)
    weights = a / (a / 2 + shares("the", "snow"))
    expected = (weights[0] * VECTORS["the"] + weights[1] * VECTORS["snow"]) / 2
    encoded = VECTORS.encode(TEXTS, "usif")[0]
    np.testing.assert_allclose(encoded / encoded[0], expected / expected[0], rtol=1e-6)


def test_usif_needs_words_of_different_frequency():
    with pytest.raises(InputError, match="usif needs words that are more frequent than others"):
        Embeddings([[1.0]], ["a"]).encode(["a"], "usif")
    assert random_walk_smoothing(Vocabulary(["a", "b", "c"], [8, 1, 1]), 1.0) == pytest.approx(2 / 3)


def test_later_texts_are_encoded_as_those_that_were_learned_from():
    encoder = text_encoder(VECTORS, TEXTS, weights="tfidf", components=1)
    np.testing.assert_array_equal(encoder.encode(TEXTS), VECTORS.encode(TEXTS, "tfidf", 1))
    np.testing.assert_allclose(encoder.encode(TEXTS[1:2]), encoder.encode(TEXTS)[1:2], rtol=1e-6)


def test_a_direction_that_no_text_has_is_left_out():
    encoder = text_encoder(VECTORS, ["snow", "snow snow", "snow the-snow"[:4]], weights="mean", components=2)
    np.testing.assert_allclose(encoder.encode(["alps", "snow"]), [[0, 1, 0], [0, 0, 0]], atol=1e-7)


def test_blocks_tell_how_many_words_are_known():
    (block,) = text_encoder(VECTORS).blocks(TEXTS)
    assert block.known.tolist() == [2, 3, 1, 0, 0, 4]
    assert not block.vectors[3:5].any()


def test_many_texts_are_encoded_as_few(monkeypatch):
    texts = [f"{word} the {word}" for word in ("snow", "Alps!", "x\n3000", "e-mail", "don\u2019t") * 40]
    expected = VECTORS.encode(texts)
    monkeypatch.setattr(batches, "BATCH", 300)
    monkeypatch.setattr("embedkit.vectors.texts.encoder.BLOCK", 7)
    np.testing.assert_array_equal(VECTORS.encode(iter(texts)), expected)


def test_vectors_without_a_recipe_are_read_by_their_case():
    cased = Embeddings([[1.0, 0], [0, 1]], ["Turkey", "turkey"])
    np.testing.assert_array_equal(
        cased.encode(["Turkey", "turkey", "TURKEY"], "mean"), [[1, 0], [0, 1], [0, 0]]
    )


@given(st.lists(st.sampled_from([*COUNTS, "xyz"]), min_size=1), st.sampled_from(["mean", "sif"]))
def test_the_order_of_words_does_not_matter(words, weights):
    encoder = text_encoder(VECTORS, weights=weights)
    there, back = encoder.encode([" ".join(words), " ".join(reversed(words))])
    np.testing.assert_allclose(there, back, rtol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": "idf"}, "weights must be one of 'mean', 'sif', 'usif', 'tfidf', got 'idf'"),
        ({"components": -1}, "components must be at least 0, got -1"),
        ({"components": 3}, "components must be 0 to 2, as vectors have 3 numbers; got 3"),
        ({"smoothing": 0}, "smoothing must be more than 0, got 0"),
    ],
)
def test_wrong_parameters_are_refused(arguments, message):
    with pytest.raises(InputError, match=message):
        VECTORS.encode(TEXTS, **arguments)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("the snow", "expected a list of texts, got the string 'the snow'"),
        (["the snow", None], "a text must be a string, got None of type NoneType"),
    ],
)
def test_what_are_no_texts_is_refused(texts, message):
    with pytest.raises(InputError, match=message):
        VECTORS.encode(texts)


def test_what_cannot_be_learned_is_said():
    with pytest.raises(InputError, match=r"2 components are learned from at least 3 texts .*, got 2"):
        VECTORS.encode(["snow", "alps", "unknown"], components=2)
    with pytest.raises(
        InputError, match="tfidf weights are learned from texts, of which there are none here"
    ):
        text_encoder(VECTORS, weights="tfidf")


def test_defaults_are_those_of_the_parameters():
    default = EncodingParameters()
    np.testing.assert_array_equal(
        VECTORS.encode(TEXTS),
        VECTORS.encode(TEXTS, default.weights, default.components, smoothing=default.smoothing),
    )

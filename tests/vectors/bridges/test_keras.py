import numpy as np
import pytest

from embedkit import Embeddings, InputError, Vocabulary, text_pipeline

pytestmark = pytest.mark.tensorflow
TEXTS = ["The Dog saw a cat.", "owl"]


@pytest.fixture
def pets():
    return Embeddings([[1, 2], [3, 4], [5, 9]], ["cat", "the", "dog"])


def test_ids_are_those_of_the_rows(pets):
    embedding, vectorization = pets.to_keras()
    assert vectorization.get_vocabulary() == ["", "[UNK]", "cat", "the", "dog"]
    ids = vectorization(TEXTS).numpy()
    assert ids.tolist() == [[3, 4, 1, 1, 2], [1, 0, 0, 0, 0]]
    rows = embedding(ids).numpy()
    mean = pets.matrix.mean(axis=0)
    expected = [[pets["the"], pets["dog"], mean, mean, pets["cat"]], [mean, *np.zeros((4, 2))]]
    np.testing.assert_allclose(rows, expected, rtol=1e-6)
    assert embedding.compute_mask(ids).numpy().tolist() == (ids > 0).tolist()
    assert not embedding.trainable


def test_settings(pets):
    embedding, vectorization = pets.to_keras(trainable=True, padding=False, unknown="zeros", length=3)
    assert embedding.trainable
    assert embedding.compute_mask(np.array([[1, 0]])) is None
    assert embedding(np.array([1])).numpy().tolist() == [[0, 0]]
    assert vectorization(TEXTS).numpy().tolist() == [[3, 4, 1], [1, 0, 0]]


def test_cased_vectors_keep_the_case():
    _, vectorization = Embeddings([[1], [2]], ["Bill", "bill"]).to_keras()
    assert vectorization(["Bill bill, BILL"]).numpy().tolist() == [[2, 3, 1]]


def test_texts_are_split_as_those_behind_the_vectors():
    words = ["don't", "é", "new"]
    recorded = {"tokenizer": text_pipeline(lowercase=True).recipe()}
    vectors = Embeddings(np.eye(3), Vocabulary(words), recorded)
    texts = ["I DON'T, É", "", "new-new"]
    _, vectorization = vectors.to_keras(tokenization="vectors")
    expected = vectors.tokenizer.tokenize_all(texts)
    rows = [[words.index(token) + 2 if token in words else 1 for token in tokens] for tokens in expected]
    width = max(map(len, rows))
    assert vectorization(texts).numpy().tolist() == [row + [0] * (width - len(row)) for row in rows]
    _, plain = vectors.to_keras()
    assert plain(["DON'T"]).numpy().tolist() == [[1]]


def test_the_layers_serve_in_a_saved_model(pets, tmp_path):
    import keras

    embedding, vectorization = pets.to_keras(length=4)
    text = keras.Input((1,), dtype="string")
    pooled = keras.layers.GlobalAveragePooling1D()(embedding(vectorization(text)))
    model = keras.Model(text, pooled)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    import tensorflow as tf

    inputs = tf.constant([["the dog"], ["cat"]])
    expected = [(pets["the"] + pets["dog"]) / 2, pets["cat"]]
    np.testing.assert_allclose(loaded(inputs).numpy(), expected, rtol=1e-6)


def test_an_unknown_word_of_ones_own():
    vectors = Embeddings([[1], [7], [2]], ["cat", "[UNK]", "dog"])
    embedding, vectorization = vectors.to_keras()
    assert embedding(vectorization(["dog owl cat"])).numpy().ravel().tolist() == [2, 7, 1]


def test_what_cannot_be_converted(pets):
    with pytest.raises(InputError, match="not recorded"):
        pets.to_keras(tokenization="vectors")
    with pytest.raises(InputError, match="keras or vectors, got 'words'"):
        pets.to_keras(tokenization="words")
    with pytest.raises(InputError, match="mean or zeros, got 'random'"):
        pets.to_keras(unknown="random")

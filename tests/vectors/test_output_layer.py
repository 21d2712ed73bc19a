"""Output vectors: kept in files, cut with the words, and the predictions that are made with them."""

import gensim.models
import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, UnknownWordError

WORDS = ["cat", "dog", "car", "never"]


@pytest.fixture
def vectors():
    random = np.random.default_rng(0)
    output = random.normal(size=(4, 3)).astype(np.float32)
    output[3] = 0
    return Embeddings(random.normal(size=(4, 3)), WORDS, output_vectors=output)


def test_predictions_are_those_of_gensim():
    sentences = [["the", "cat", "sat"], ["a", "dog", "ran"], ["the", "dog", "sat"]] * 20
    model = gensim.models.Word2Vec(sentences, vector_size=8, min_count=1, epochs=20, workers=1, seed=3)
    ours = Embeddings(model.wv.vectors, model.wv.index_to_key, output_vectors=model.syn1neg)
    expected = model.predict_output_word(["the", "cat"], topn=4)
    found = ours.predict_output_word(["the", "cat"], top=4)
    assert [answer.word for answer in found] == [word for word, _ in expected]
    np.testing.assert_allclose([answer.score for answer in found], [p for _, p in expected], rtol=1e-4)


def test_probabilities_add_up_to_one_and_words_never_predicted_have_none(vectors):
    answers = vectors.predict_output_word(["cat", "never"], top=10)
    assert {answer.word for answer in answers} == {"cat", "dog", "car"}
    assert sum(answer.score for answer in answers) == pytest.approx(1)


def test_nothing_was_ever_predicted():
    untrained = Embeddings([[1, 0], [0, 1]], ["a", "b"], output_vectors=np.zeros((2, 2)))
    assert untrained.predict_output_word(["a"]) == []


def test_what_cannot_be_predicted_from_is_told(vectors):
    with pytest.raises(InputError, match="keep_output"):
        vectors.normalize().predict_output_word(["cat"])
    with pytest.raises(InputError, match="the words around"):
        vectors.predict_output_word([])
    with pytest.raises(InputError, match="list of words"):
        vectors.predict_output_word("cat")
    with pytest.raises(UnknownWordError):
        vectors.predict_output_word(["cow"])
    with pytest.raises(InputError, match="top"):
        vectors.predict_output_word(["cat"], 0)


@pytest.mark.parametrize("dtype", ["float32", "float16", "int8"])
def test_a_file_keeps_them_in_its_type(vectors, dtype, tmp_path):
    vectors.save(tmp_path / "v.safetensors", dtype=dtype)
    loaded = Embeddings.load(tmp_path / "v.safetensors", verify=True)
    assert loaded.stored_output.dtype == dtype
    np.testing.assert_allclose(loaded.output_vectors, vectors.output_vectors, atol=0.02)
    np.testing.assert_array_equal(loaded.astype(dtype).output_vectors, loaded.output_vectors)
    first = Embeddings.load(tmp_path / "v.safetensors", limit=2)
    np.testing.assert_array_equal(first.output_vectors, loaded.output_vectors[:2])


def test_they_go_with_their_words(vectors):
    assert vectors.subset(2).output_vectors.tolist() == vectors.output_vectors[:2].tolist()
    assert vectors.subset(["car", "cat"]).output_vectors.tolist() == vectors.output_vectors[[2, 0]].tolist()
    assert vectors.with_metadata(a=1).has_output_vectors
    assert not vectors.center().has_output_vectors


@pytest.mark.parametrize(
    ("output", "message"), [(np.ones((4, 2)), "shape"), (np.full((4, 3), np.nan), "finite vectors")]
)
def test_matrices_that_do_not_fit_are_refused(output, message):
    with pytest.raises(InputError, match=message):
        Embeddings(np.ones((4, 3)), WORDS, output_vectors=output)


def test_a_changed_number_is_found(vectors, tmp_path):
    path = tmp_path / "v.safetensors"
    vectors.save(path)
    content, number = path.read_bytes(), vectors.output_vectors[1].tobytes()
    path.write_bytes(content.replace(number, bytes(len(number))))
    with pytest.raises(FormatError, match="damaged"):
        Embeddings.load(path, verify=True)


def test_bad_rows_are_left_out_of_both(vectors, tmp_path):
    path = tmp_path / "v.safetensors"
    vectors.save(path)
    content, number = path.read_bytes(), vectors.output_vectors[1].tobytes()
    path.write_bytes(content.replace(number, np.full(3, np.nan, np.float32).tobytes()))
    with pytest.raises(InputError, match="'dog'"):
        _ = Embeddings.load(path).output_vectors
    with pytest.warns(UserWarning, match="left out 1 rows"):
        rest = Embeddings.load(path, skip_bad_rows=True)
    assert list(rest) == ["cat", "car", "never"]
    assert rest.output_vectors.tolist() == vectors.output_vectors[[0, 2, 3]].tolist()

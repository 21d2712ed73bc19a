import numpy as np
import pytest

from embedkit import Embeddings, InputError, estimate_unknown_words
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.quantized_rows import QuantizedRows

UNKNOWN = ["catlike", "dogged", "é"]


@pytest.fixture
def fasttext():
    """The vectors of a model of gensim with n-grams, among them those of one character."""
    models = pytest.importorskip("gensim.models")
    texts = [["cat", "dog", "cow", "été"] * 4] * 3
    return models.FastText(texts, vector_size=4, min_count=1, bucket=50, min_n=1, max_n=4, seed=1).wv


def test_there_and_back(random_space):
    vectors = random_space.to_gensim()
    assert vectors.get_vecattr("word3", "count") == 497
    np.testing.assert_array_equal(vectors["word3"], random_space["word3"])
    back = Embeddings.from_gensim(vectors)
    assert back.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(back.vocabulary.counts, random_space.vocabulary.counts)
    np.testing.assert_array_equal(back.matrix, random_space.matrix)


def test_changing_the_copy_changes_nothing(plane):
    vectors = plane.to_gensim()
    vectors.vectors[0] = 9
    back = Embeddings.from_gensim(vectors)
    vectors.vectors[0] = 8
    assert plane["east"].tolist() == [2, 0]
    assert back["east"].tolist() == [9, 9]
    assert back.vocabulary.counts is None


def test_neighbors_as_gensim_finds_them(random_space):
    expected = random_space.to_gensim().most_similar("word5", topn=6)
    answers = random_space.neighbors("word5", top=6)
    assert [answer.word for answer in answers] == [word for word, _ in expected]
    np.testing.assert_allclose([a.score for a in answers], [s for _, s in expected], atol=1e-6)


def test_other_objects_are_refused():
    with pytest.raises(InputError, match=r"KeyedVectors .* got dict"):
        Embeddings.from_gensim({})


def test_the_subwords_of_gensim_are_kept(fasttext):
    vectors = Embeddings.from_gensim(fasttext)
    expected = np.stack([fasttext[word] for word in UNKNOWN])
    assert np.abs(expected).min() > 0
    np.testing.assert_allclose(vectors.rows(UNKNOWN), expected, rtol=1e-5)
    fasttext.vectors_ngrams[:] = 0
    np.testing.assert_allclose(vectors.rows(UNKNOWN), expected, rtol=1e-5)


def test_subwords_of_fasttext_are_given_to_gensim(fasttext, tmp_path):
    vectors = Embeddings.from_gensim(fasttext)
    vectors.to_gensim().save(str(tmp_path / "v.kv"))
    again = type(fasttext).load(str(tmp_path / "v.kv"))
    assert again.index_to_key == list(vectors)
    assert again.get_vecattr("cat", "count") == 12
    for word in [*vectors, *UNKNOWN]:
        np.testing.assert_allclose(again[word], vectors[word], rtol=1e-5)
    np.testing.assert_allclose(again.vectors_vocab, fasttext.vectors_vocab, atol=1e-6)


def test_quantized_subwords_are_given_as_numbers(fasttext):
    table = QuantizedRows(np.arange(50, dtype=np.uint8)[:, None], np.linspace(0, 9, 1024, dtype="f"), 4)
    vectors = Embeddings.from_gensim(fasttext).with_subwords(FastTextSubwords(table, 3, 3, 50))
    np.testing.assert_allclose(vectors.to_gensim()["catlike"], vectors["catlike"], rtol=1e-5)


def test_subwords_that_gensim_lacks_are_named(random_space):
    vectors = estimate_unknown_words(random_space, iterations=1)
    with pytest.warns(UserWarning, match="left out subwords of the kind 'estimated', which gensim"):
        assert "unheard" not in vectors.to_gensim()


def test_a_model_without_buckets_has_no_subwords(fasttext):
    fasttext.bucket, fasttext.vectors_ngrams = 0, np.zeros((0, 4), np.float32)
    assert Embeddings.from_gensim(fasttext).subwords is None

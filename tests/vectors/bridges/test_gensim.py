import numpy as np
import pytest

from embedkit import Embeddings, InputError


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

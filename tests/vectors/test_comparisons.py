"""Similarities, distances and ranks: worked out by hand in the plane, and beside gensim and scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist

from embedkit import Embeddings, InputError, UnknownWordError
from embedkit.vectors.expressions import Expression, Term


def test_of_two(plane):
    assert plane.similarity("east", "northeast") == pytest.approx(0.5**0.5, abs=1e-15)
    assert plane.similarity("east", [0, 3]) == 0
    assert plane.similarity([1, 0], np.array([-2, 0])) == -1
    assert plane.similarity("east", Expression((Term("west", -1.0),))) == 1
    assert isinstance(plane.similarity([1, 0], "east"), float)
    assert plane.distance("east", "west") == 2
    assert plane.distance("east", "nothing") == 1
    assert plane.distance("east", "north", metric="euclidean") == 13**0.5
    assert plane.distance([1, 1], "northeast", "euclidean") == 0


def test_of_lists(plane):
    assert plane.similarity("east", ["east", "north", "west"]).tolist() == [1, 0, -1]
    assert plane.similarity(["east", "north"], np.array([[1, 0], [0, -1]])).tolist() == [1, -1]
    assert plane.similarity([[1, 0]], "east").tolist() == [1]
    assert plane.distance(("east", "north"), "nothing", metric="euclidean").tolist() == [2, 3]
    assert plane.distance(["east", [0, 1]], "north").tolist() == [1, 0]
    assert plane.similarity("east", []).shape == (0,)
    with pytest.raises(InputError, match="lists of the same length, got 2 and 3; similarity_matrix"):
        plane.similarity(["east", "north"], ["east", "north", "west"])


def test_differences_are_those_of_the_vectors_as_they_are(plane):
    """As in cos(france - paris, rome - italy), where the words' lengths matter."""
    first, second = plane["east"] - plane["north"], plane["west"] - plane["northeast"]
    expected = first @ second / np.linalg.norm(first) / np.linalg.norm(second)
    assert plane.similarity("east - north", "west - northeast") == pytest.approx(expected, abs=1e-15)
    assert plane.similarity(first, second) == plane.similarity("east - north", "west - northeast")
    assert plane.distance("east - north", "west - north", "euclidean") == 3


def test_beside_gensim(random_space):
    theirs = random_space.to_gensim()
    words = random_space.vocabulary.words[:40]
    distances = theirs.distances("word9", words)
    np.testing.assert_allclose(random_space.distance("word9", words), distances, atol=1e-6)
    [cosines] = random_space.similarity_matrix(["word9"], words)
    np.testing.assert_allclose(cosines, theirs.cosine_similarities(theirs["word9"], theirs[words]), atol=1e-6)
    assert random_space.similarity("word1 + word2", "word3 + word4 + word5") == pytest.approx(
        theirs.n_similarity(["word1", "word2"], ["word3", "word4", "word5"]), abs=1e-6
    )
    for word, other in [("word3", "word8"), ("word8", "word3"), ("word5", "word5"), ("word0", "word499")]:
        assert random_space.rank(word, other) == theirs.rank(word, other)
        closer = random_space.closer_than(word, other)
        assert {answer.word for answer in closer} == {*theirs.closer_than(word, other)}
        assert closer == random_space.neighbors(word, max(len(closer), 1))[: len(closer)]


def test_matrices_are_those_of_scipy(random_space):
    words, others = ["word1", "word2 - word3", random_space["word4"]], random_space.matrix[10:15]
    rows = np.array([random_space.expression(word) for word in words[:2]] + [words[2]])
    np.testing.assert_allclose(
        random_space.similarity_matrix(words, others), 1 - cdist(rows, others, "cosine"), atol=1e-6
    )
    np.testing.assert_allclose(
        random_space.similarity_matrix(words), 1 - cdist(rows, rows, "cosine"), atol=1e-6
    )
    np.testing.assert_allclose(
        random_space.distance(list(rows), others[:3], "euclidean"), cdist(rows, others[:3]).diagonal()
    )


def test_a_word_has_the_cosine_one_with_itself(random_space):
    words = list(random_space.vocabulary.words)
    assert (random_space.similarity_matrix(words).diagonal() == 1).all()
    assert (random_space.similarity_matrix(words, words[::-1])[::-1].diagonal() == 1).all()


def test_ranks(plane):
    assert plane.rank("east", "northeast") == 1
    assert plane.rank("east", "west") == 4
    assert plane.rank("east", [0, -1]) == 2
    assert plane.rank("east", "west", candidates=2) == 2
    assert plane.rank("east", "west", candidates=["west", "northeast"]) == 2
    assert [word for word, _ in plane.closer_than("east", "west")] == ["northeast", "north", "nothing"]
    assert plane.closer_than("east", "north", candidates=["west", "east"]) == []
    assert plane.rank("east + north", "west") == 3


def test_equal_words_share_a_rank():
    """However the products of their rows are added up."""
    row = np.random.default_rng(3).normal(size=(1, 300)).astype(np.float32)
    far = np.random.default_rng(4).normal(size=(1, 300)).astype(np.float32)
    space = Embeddings(np.repeat([far[0], row[0]], [1, 500], axis=0), [f"word{i}" for i in range(501)])
    assert {space.rank("word0", f"word{i}") for i in range(1, 501, 7)} == {1}


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (lambda space: space.distance("east", "west", metric="manhattan"), "metrics cosine, euclidean, got"),
        (lambda space: space.similarity("east", 3), "expected words, or vectors of 2 numbers, got 3"),
        (lambda space: space.similarity("east", None), "expected words, or vectors of 2 numbers, got None"),
        (lambda space: space.similarity("east", b"east"), "could not convert string to float"),
        (lambda space: space.similarity("east", [1, 2, 3]), "expected vectors of 2 numbers"),
        (lambda space: space.similarity("east", [np.nan, 1]), "NaN or infinity"),
        (lambda space: space.similarity("east", ["west", 3]), "expected vectors of 2 numbers"),
        (lambda space: space.similarity("east", [[1, 2], [3]]), "expected words, or vectors of 2 numbers"),
        (lambda space: space.rank("east", "west", candidates=0), "candidates to be a whole number"),
    ],
)
def test_what_cannot_be_compared(plane, question, message):
    with pytest.raises(InputError, match=message):
        question(plane)


def test_unknown_words(plane):
    for question in (plane.similarity, plane.distance, plane.rank, plane.closer_than):
        with pytest.raises(UnknownWordError, match="'noth' is not in the vocabulary"):
            question("east", "noth")


@settings(max_examples=50)
@given(arrays(np.float32, (4, 3), elements=st.floats(-1e3, 1e3, width=32)))
def test_properties(matrix):
    space = Embeddings(matrix, list("abcd"))
    cosines = space.similarity_matrix(list("abcd"))
    assert (abs(cosines) <= 1).all()
    np.testing.assert_allclose(cosines, cosines.T, atol=1e-6)
    pairs = space.similarity(list("aabb"), list("abcd"))
    np.testing.assert_allclose(pairs, cosines[[0, 0, 1, 1], [0, 1, 2, 3]], atol=1e-5)
    assert space.distance("a", "b", "euclidean") <= sum(
        space.distance(one, two, "euclidean") for one, two in ("ac", "cb")
    ) * (1 + 1e-12)
    for word in "bcd":
        assert space.rank("a", word) == 1 + len(space.closer_than("a", word))

"""Sums of words and vectors: the answers of gensim, and of spaces in which they can be worked out by hand."""

import numpy as np
import pytest

from embedkit import Embeddings, InputError, UnknownWordError
from embedkit.vectors.expressions import Expression, Term


@pytest.fixture
def gensim_space(random_space):
    return random_space.to_gensim()


@pytest.fixture
def vector():
    return np.linspace(-1, 2, 12)


FORMS = [  # positive, negative, and negative in gensim, where the sign stands in the weight
    ("word3", [], []),
    (["word3", "word9"], "word4", "word4"),
    (["word3", ("word9", 0.25)], [("word4", 2)], [("word4", -2)]),
    (("word3", 2.0), ["word4", "word5"], ["word4", "word5"]),
    ([], ["word3", "word7"], ["word3", "word7"]),
    (["word3", "word3"], ["word4"], ["word4"]),
]


@pytest.mark.parametrize(("positive", "negative", "signed"), FORMS)
@pytest.mark.parametrize("first", [None, 50])
def test_answers_are_those_of_gensim(random_space, gensim_space, positive, negative, signed, first):
    listed = [positive] if isinstance(positive, tuple) else positive
    expected = gensim_space.most_similar(listed, signed, topn=8, restrict_vocab=first)
    found = random_space.most_similar(positive, negative, top=8, candidates=first)
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-6)


def test_vectors_count_as_they_are(random_space, gensim_space, vector):
    for positive, negative in [(vector, []), (["word3", vector], [(vector, 0.5)]), ([(vector, 2)], "word3")]:
        listed = [positive] if positive is vector else positive
        signed = [(vector, -0.5)] if isinstance(negative, list) and negative else negative
        expected = gensim_space.most_similar(listed, signed, topn=5)
        found = random_space.most_similar(positive, negative, top=5)
        assert [word for word, _ in found] == [word for word, _ in expected]


def test_one_way_for_sums_analogies_and_expressions(royals):
    by_lists = royals.most_similar(["king", "woman"], ["man"])
    assert by_lists == royals.neighbors("king - man + woman")
    assert by_lists == royals.most_similar("king - man", negative=Expression((Term("woman", -1.0),)))
    assert by_lists[0].word == "queen"
    assert [word for word, _ in by_lists] == [word for word, _ in royals.analogy("man", "woman", "king")]
    assert [score for _, score in by_lists] == pytest.approx(
        [score for _, score in royals.analogy("man", "woman", "king")], abs=1e-6
    )


def test_words_of_the_question_cannot_answer_it(plane):
    weightless = plane.most_similar(["east", ("north", 0)])
    assert {word for word, _ in weightless} == {"northeast", "nothing", "west"}
    excluding = plane.most_similar("east", exclude=["west", "unknown"])
    assert {word for word, _ in excluding} == {"north", "northeast", "nothing"}


def test_candidates(plane):
    assert [word for word, _ in plane.neighbors("east", candidates=2)] == ["north"]
    assert [word for word, _ in plane.neighbors("east", candidates=99)] == [
        word for word, _ in plane.neighbors("east")
    ]
    listed = plane.neighbors("east", candidates=iter(["west", "east", "northeast", "west"]))
    assert [word for word, _ in listed] == ["northeast", "west"]
    assert plane.neighbors("east", candidates=["east"]) == []


def test_many_queries_of_all_kinds_at_once(plane):
    queries = ["east", "east - west", [0, 2], Expression((Term("north", -1.0), Term(np.array([1.0, 0]))))]
    assert plane.neighbors_many(queries, 3) == [plane.neighbors(query, 3) for query in queries]
    answers = plane.neighbors_many(["east", "west"], candidates=3, exclude=["north"])
    assert [[word for word, _ in found] for found in answers] == [["northeast"], ["northeast", "east"]]
    everything = plane.neighbors_many(["east"] * 9, exclude=plane.vocabulary.words)
    assert everything == [[]] * 9
    assert plane.analogies([("north", "east", "west")] * 9, exclude=plane.vocabulary.words) == [[]] * 9


def test_a_sum_that_is_zero_is_equally_far_from_all(plane):
    assert [score for _, score in plane.neighbors("east - east")] == [0] * 4
    assert [score for _, score in plane.neighbors("0 north")] == [0] * 4


def test_the_vector_of_an_expression(plane):
    assert plane.expression("east - 2*(north + west)").tolist() == [4, -6]
    assert plane.expression("east - 2 north", normalize=True).tolist() == [1, -2]
    assert plane.expression("east").dtype == plane.expression([1, 2]).dtype == np.float64


ERRORS = [
    (lambda space: space.most_similar(), "expected at least one word or vector, got none"),
    (lambda space: space.most_similar(None, None), "expected at least one word or vector, got none"),
    (lambda space: space.most_similar(3), "expected words or vectors, got 3"),
    (lambda space: space.most_similar([]), "expected at least one word or vector, got none"),
    (lambda space: space.most_similar([1.0, 0.0]), "expected words, or vectors of 2 numbers|shape"),
    (lambda space: space.most_similar(("east", np.inf)), "expected a finite weight, got inf"),
    (lambda space: space.most_similar("east", [("west", -1)]), "so its weight is at least 0, got -1"),
    (lambda space: space.most_similar([np.ones(3)]), "vectors of 2 numbers"),
    (lambda space: space.neighbors(Expression((Term(np.ones(1)),))), "vectors of 2 numbers"),
    (lambda space: space.neighbors(Expression((Term("east", np.nan),))), "a finite weight, got nan"),
    (lambda space: Expression(()), "expected at least one word or vector, got none"),
    (lambda space: space.neighbors("east", candidates=[]), "expected at least one candidate, got none"),
    (lambda space: space.neighbors("east", candidates=0), "candidates to be a whole number of at least 1"),
    (lambda space: space.neighbors("east", candidates="west"), "got the string 'west'"),
    (lambda space: space.neighbors("east", exclude="west"), "got the string 'west'"),
    (lambda space: space.neighbors("east - "), "got the end at character 8"),
    (lambda space: space.expression(["east"]), "could not convert string to float"),
]


@pytest.mark.parametrize(("question", "message"), ERRORS)
def test_questions_that_are_none(plane, question, message):
    with pytest.raises(InputError, match=message):
        question(plane)


def test_unknown_words_are_named(plane):
    for question in ("east - noth", "2 noth", ["east", "noth"]):
        with pytest.raises(UnknownWordError, match="'noth' is not in the vocabulary; did you mean 'north'"):
            plane.most_similar(question)
    with pytest.raises(UnknownWordError, match="did you mean 'east - west'"):
        plane.neighbors("east-west")
    with pytest.raises(UnknownWordError):
        plane.neighbors("east", candidates=["noth"])


def test_a_word_that_looks_like_a_sum_is_a_word():
    space = Embeddings([[1, 0], [0, 1], [1, 1]], ["a", "b", "a - b"])
    assert space.neighbors("a - b", candidates=["b"])[0].score == pytest.approx(0.5**0.5)
    assert space.expression("a - b").tolist() == [1, 1]
    assert space.expression("(a) - b").tolist() == [1, -1]

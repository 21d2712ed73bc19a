import numpy as np
import pytest

from embedkit import InputError, UnknownWordError
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.search import analogy, exact
from embedkit.vectors.search.analogy import solve

METHODS = ("3cosadd", "3cosmul", "pairdirection")


def by_definition(unit, a, b, c, method):
    """The score (V,) of every row, from the formulas of the papers in float64."""
    u = unit.astype(float)
    if method == "3cosadd":
        target = u[b] - u[a] + u[c]
        return u @ (target / np.linalg.norm(target))
    if method == "3cosmul":
        shifted = (u @ u[[a, b, c]].T + 1) / 2
        return shifted[:, 1] * shifted[:, 2] / (shifted[:, 0] + 0.001)
    steps = u - u[c]
    lengths = np.linalg.norm(steps, axis=1)
    along = steps @ (u[b] - u[a]) / np.linalg.norm(u[b] - u[a])
    return np.divide(along, lengths, out=np.zeros_like(along), where=lengths > 1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_king_is_to_queen_as_man_is_to_woman(royals, method):
    assert royals.analogy("man", "woman", "king", method=method)[0].word == "queen"
    assert royals.analogy("boy", "girl", "man", method=method)[0].word == "woman"


def test_score_of_3cosadd_is_a_cosine(plane):
    # east - north + northeast / sqrt(2) points to (1.707, -0.293)
    target = np.array([1 + 0.5**0.5, -1 + 0.5**0.5])
    answers = plane.analogy("north", "east", "northeast")
    assert [answer.word for answer in answers] == ["nothing", "west"]
    assert answers[1].score == pytest.approx(-target[0] / np.linalg.norm(target), abs=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_scores_follow_the_formulas(random_space, method):
    triples = np.random.default_rng(1).integers(0, 500, (40, 3))
    found = solve(random_space.stored, triples, 500, method, include_query=True)
    for (a, b, c), rows, scores in zip(triples, found.rows, found.scores, strict=True):
        expected = by_definition(random_space.unit_matrix, a, b, c, method)
        assert sorted(rows) == list(range(500))
        np.testing.assert_allclose(scores, expected[rows], atol=2e-5)


@pytest.mark.parametrize("method", METHODS)
def test_query_words_answer_only_when_let_in(random_space, method):
    words = ("word1", "word2", "word3")
    left_out = {answer.word for answer in random_space.analogy(*words, top=500, method=method)}
    let_in = {answer.word for answer in random_space.analogy(*words, 500, method, include_query=True)}
    assert let_in - left_out == set(words)
    assert len(left_out) == 497


@pytest.mark.parametrize("method", METHODS)
def test_a_batch_answers_as_single_questions_do(random_space, method):
    triples = [(f"word{i}", f"word{i + 1}", f"word{i * 3}") for i in range(30)]
    batch = random_space.analogies(triples, 3, method)
    for triple, answers in zip(triples, batch, strict=True):
        alone = random_space.analogy(*triple, top=3, method=method)
        assert [answer.word for answer in alone] == [answer.word for answer in answers]
    assert random_space.analogies([], 3, method) == []


def test_the_compiled_screen_leaves_nothing_out(random_space, monkeypatch):
    triples = np.random.default_rng(3).integers(0, 500, (300, 3))
    triples[:20, 1:] = triples[:20, :1]  # a : a :: a
    plain = solve(random_space.stored, triples, 6, "3cosadd")
    monkeypatch.setattr(analogy, "LARGE", 0)
    monkeypatch.setattr(exact, "ROWS", 16)
    monkeypatch.setattr(exact, "SCREENED_TABLE", 1)
    screened = solve(random_space.stored, triples, 6, "3cosadd")
    np.testing.assert_array_equal(screened.rows, plain.rows)
    np.testing.assert_allclose(screened.scores, plain.scores, atol=1e-6)


def test_the_compiled_screen_lets_zero_targets_through(plane, monkeypatch):
    plain = plane.analogy("nothing", "nothing", "nothing", include_query=True)
    monkeypatch.setattr(analogy, "LARGE", 0)
    assert plane.analogy("nothing", "nothing", "nothing", include_query=True) == plain


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("words", [("nothing", "nothing", "nothing"), ("east", "east", "nothing")])
def test_zero_vectors_give_numbers(plane, method, words):
    answers = plane.analogy(*words, method=method, include_query=True)
    assert len(answers) == 5
    assert np.isfinite([answer.score for answer in answers]).all()


def test_gensim_gives_the_same_answers(random_space):
    vectors = random_space.to_gensim()
    for a, b, c in [("word1", "word2", "word3"), ("word9", "word9", "word4")]:
        expected = vectors.most_similar(positive=[b, c], negative=[a], topn=8)
        # gensim averages unit vectors, which changes the length of the target and not its direction
        answers = random_space.analogy(a, b, c, top=8)
        assert [answer.word for answer in answers] == [word for word, _ in expected]
        np.testing.assert_allclose([a.score for a in answers], [s for _, s in expected], atol=1e-5)


def test_gensim_gives_the_same_products(random_space):
    vectors = random_space.to_gensim()
    expected = vectors.most_similar_cosmul(positive=["word2", "word3"], negative=["word1"], topn=8)
    answers = random_space.analogy("word1", "word2", "word3", top=8, method="3cosmul")
    assert [answer.word for answer in answers] == [word for word, _ in expected]


def test_wrong_questions(royals):
    with pytest.raises(InputError, match="3cosadd, 3cosmul, pairdirection, got 'sum'"):
        royals.analogy("man", "woman", "king", method="sum")
    with pytest.raises(UnknownWordError, match="'kin' is not in the vocabulary; did you mean 'king'"):
        royals.analogy("man", "woman", "kin")
    with pytest.raises(InputError, match="three words"):
        royals.analogies([("man", "woman")])


def test_unit_vectors_of_zero_stay_zero():
    assert unit_vectors(np.array([[0.0, 0.0], [0.0, 2.0]])).tolist() == [[0, 0], [0, 1]]


@pytest.mark.parametrize("method", METHODS)
def test_many_words_that_answer_no_question(random_space, method):
    questions = np.random.default_rng(5).integers(0, 500, (7, 3))
    barred = np.arange(0, 500, 2)
    every = solve(random_space.stored, questions, 500, method)
    few = solve(random_space.stored, questions, 3, method, exclude=barred)
    for found, all_rows in zip(few.rows, every.rows, strict=True):
        assert found.tolist() == [row for row in all_rows.tolist() if row % 2][:3]
    assert solve(random_space.stored, questions, 3, method, exclude=np.arange(500)).rows.shape == (7, 0)


@pytest.mark.parametrize("method", METHODS)
def test_candidates_exclusions_and_extra_vectors(random_space, method):
    """The same as the answers of all rows, of which those that may not answer are struck out."""
    questions = np.array([[3, 5, 7], [20, 3, 11], [499, 0, 2]])
    every = solve(random_space.stored, questions, 500, method)
    allowed = np.array([11, 40, 3, 99, 7, 250, 40])
    for candidates in (50, allowed):
        numbers = allowed if candidates is allowed else np.arange(50)
        barred = np.array([40, 9])
        few = solve(random_space.stored, questions, 3, method, candidates=candidates, exclude=barred)
        for found, all_rows in zip(few.rows, every.rows, strict=True):
            expected = [row for row in all_rows if row in numbers and row not in barred]
            assert [row for row in found if row >= 0] == expected[:3]
    moved = questions.copy()
    moved[moved == 3], moved[moved == 499] = 500, 501
    extra = random_space.matrix[[3, 499]] * np.float32(2)
    outside = solve(random_space.stored, moved, 500, method, extra=extra)
    for asked, found, all_rows in zip(questions, outside.rows, every.rows, strict=True):
        answered = [row for row in found if row >= 0 and row not in asked]
        assert answered == [row for row in all_rows if row >= 0]

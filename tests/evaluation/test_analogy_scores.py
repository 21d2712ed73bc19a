from dataclasses import replace

import numpy as np
import pytest

from embedkit import Embeddings, InputError, Vocabulary
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.benchmarks.analogy_items import AnalogyBenchmark, Question
from embedkit.evaluation.protocols import FULL, GENSIM, PROTOCOLS, AnalogyProtocol
from embedkit.statistics.intervals import wilson

RIGHT = Question("family", "man", "king", "woman", "queen")
WRONG = Question("family", "man", "king", "woman", "stone")
PLURAL = Question("gram8-plural", "king", "man", "queen", "woman")
UNKNOWN = Question("gram8-plural", "king", "kings", "queen", "queens")


def benchmark(*questions):
    return AnalogyBenchmark("mine", questions)


@pytest.fixture
def royals():
    """Royalty, gender and age: analogies hold exactly."""
    vectors = {
        "man": (1, 1, 0, 1),
        "woman": (1, -1, 0, 1),
        "king": (1, 1, 1, 1),
        "queen": (1, -1, 1, 1),
        "stone": (-1, 0, 0, 0),
    }
    return Embeddings(np.array(list(vectors.values()), float), Vocabulary(list(vectors)))


@pytest.fixture(scope="module")
def cased():
    """A random space of 300 words in up to five cases each, frequent ones first, and 400 questions.

    Cases of a word lie close together, so that they compete as answers; half of the questions hold roughly.
    """
    generator = np.random.default_rng(8)
    vectors = {}
    for place in range(60):
        base = generator.normal(size=8)
        word = "".join(chr(97 + int(digit)) for digit in f"{place:02d}") + "ßé"[place % 2]
        cases = [word, word.upper(), word.title(), word[0] + word[1:].upper(), word.swapcase()]
        for case in cases[: 1 + place % 5]:
            vectors[case] = base + 0.2 * generator.normal(size=8)
    words = list(vectors)
    generator.shuffle(words)
    space = Embeddings(np.array([vectors[word] for word in words]), Vocabulary(words))
    asked = [(a, b, c, d) for a, b, c, d in generator.choice(words, (400, 4)).tolist()]
    for place in range(0, 400, 2):
        a, b, c, _ = asked[place]
        answer = next((found.word for found in space.analogy(a, b, c, 3)[place % 3 :]), "none")
        asked[place] = (a.swapcase(), b, c, answer.lower())
    questions = [Question(f"part-{place % 3}", *words) for place, words in enumerate(asked)]
    return space, benchmark(*questions, UNKNOWN)


def as_file(asked, path):
    with path.open("w", encoding="utf-8") as stream:
        for category in asked.categories:
            stream.write(f": {category}\n")
            stream.writelines(" ".join(q.words) + "\n" for q in asked.questions if q.category == category)
    return str(path)


@pytest.mark.parametrize("limit", [None, 60])
def test_gensims_score_to_the_last_question(cased, limit, tmp_path):
    space, asked = cased
    protocol = GENSIM if limit is None else replace(GENSIM, max_vocabulary=limit)
    found = evaluate_analogies(space, asked, protocol)
    score, parts = space.to_gensim().evaluate_word_analogies(
        as_file(asked, tmp_path / "questions"), restrict_vocab=limit or 300_000
    )
    assert found.total.accuracy.value == score
    for part in parts[:-1]:
        outcomes = {1.0: set(), 0.0: set()}
        for question, outcome in zip(asked.questions, found.outcomes, strict=True):
            if question.category == part["section"] and not np.isnan(outcome):
                outcomes[outcome].add(tuple(word.upper() for word in question.words))
        assert outcomes[1.0] == set(part["correct"])
        assert outcomes[0.0] == set(part["incorrect"])


def test_gensims_score_with_unknown_words_as_wrong(cased, tmp_path):
    space, asked = cased
    found = evaluate_analogies(space, asked, replace(GENSIM, unknown="wrong"))
    path = as_file(asked, tmp_path / "questions")
    assert (
        found.total.accuracy.value == space.to_gensim().evaluate_word_analogies(path, dummy4unknown=True)[0]
    )


def compute_accuracy(space, asked, words):
    """word2vec.c's compute-accuracy, question by question: 1, 0 or NaN."""
    spelled = [word.encode().upper() for word in space.vocabulary.words[:words]]
    matrix = space.matrix[:words].astype(float)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    for question in asked.questions:
        quadruple = [word.encode().upper() for word in question.words]
        if any(word not in spelled for word in quadruple):
            yield np.nan
            continue
        a, b, c = map(spelled.index, quadruple[:3])
        scores = matrix @ (matrix[b] - matrix[a] + matrix[c])
        scores[[a, b, c]] = -np.inf
        yield float(spelled[np.argmax(scores)] == quadruple[3])


def evaluate_py(space, asked):
    """Stanford's evaluate.py, question by question: 1, 0 or NaN."""
    matrix = space.matrix / np.linalg.norm(space.matrix, axis=1, keepdims=True)
    for question in asked.questions:
        rows = [space.vocabulary.get(word.lower()) for word in question.words]
        if None in rows:
            yield np.nan
            continue
        a, b, c, d = rows
        scores = matrix @ (matrix[b] - matrix[a] + matrix[c])
        scores[[a, b, c]] = -np.inf
        yield float(np.argmax(scores) == d)


@pytest.mark.parametrize("words", [1000, 60])
def test_word2vecs_score_to_the_last_question(cased, words):
    protocol = replace(PROTOCOLS["word2vec-30k"], max_vocabulary=words)
    found = evaluate_analogies(*cased, protocol)
    np.testing.assert_array_equal(found.outcomes, list(compute_accuracy(*cased, words)))
    assert 0 < found.total.right < found.total.covered


def test_gloves_score_to_the_last_question(cased):
    found = evaluate_analogies(*cased, "glove")
    np.testing.assert_array_equal(found.outcomes, list(evaluate_py(*cased)))
    assert 0 < found.total.right < found.total.covered


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul", "pairdirection"])
def test_methods_are_those_of_the_vectors(cased, method):
    space, asked = cased
    found = evaluate_analogies(space, asked, method=method)
    for question, outcome in zip(asked.questions[:60], found.outcomes, strict=False):
        a, b, c, d = question.words
        if not np.isnan(outcome):
            assert outcome == (space.analogy(a, b, c, 1, method)[0].word == d)


def test_scores_by_part(royals):
    found = evaluate_analogies(royals, benchmark(RIGHT, WRONG, PLURAL, UNKNOWN))
    np.testing.assert_array_equal(found.outcomes, [1, 0, 1, np.nan])
    assert found.rows() == [
        ("mine", "total", "accuracy", 2 / 3, *wilson(2, 3), 3, 4),
        ("mine", "semantic", "accuracy", 1 / 2, *wilson(1, 2), 2, 2),
        ("mine", "syntactic", "accuracy", 1.0, *wilson(1, 1), 1, 2),
        ("mine", "family", "accuracy", 1 / 2, *wilson(1, 2), 2, 2),
        ("mine", "gram8-plural", "accuracy", 1.0, *wilson(1, 1), 1, 2),
    ]
    assert found.total.coverage == 3 / 4
    assert found.warnings == ()


def test_no_semantic_part_where_all_is_syntactic(royals):
    found = evaluate_analogies(royals, benchmark(PLURAL))
    assert [score.part for score in found.scores] == ["total", "gram8-plural"]


def test_unknown_words_counted_as_wrong(royals):
    found = evaluate_analogies(royals, benchmark(RIGHT, UNKNOWN), replace(FULL, unknown="wrong"))
    assert found.outcomes.tolist() == [1, 0]
    assert found.total[1:5] == (1, 2, 1, 2)


def test_query_words_may_be_allowed_to_answer(royals):
    nobody = Question("family", "man", "man", "woman", "woman")
    assert evaluate_analogies(royals, benchmark(nobody)).total.right == 0
    assert (
        evaluate_analogies(royals, benchmark(nobody), replace(FULL, query_words="allowed")).total.right == 1
    )


def test_nothing_covered(royals):
    found = evaluate_analogies(royals, benchmark(UNKNOWN))
    assert found.rows()[0] == ("mine", "total", "accuracy", None, None, None, 0, 1)
    assert found.warnings == ("nothing is covered: each item has a word that the vectors do not have",)


def test_a_difference_of_case_is_told_and_mended(royals):
    shouted = benchmark(PLURAL, *[Question("family", *map(str.upper, RIGHT.words))] * 2)
    found = evaluate_analogies(royals, shouted)
    assert found.total.covered == 1
    assert "2 more of 3 items" in found.warnings[0]
    assert "lowercase=True" in found.warnings[0]
    mended = evaluate_analogies(royals, shouted, lowercase=True)
    assert (mended.total.right, mended.warnings) == (3, ())
    assert evaluate_analogies(royals, shouted, "gensim-300k").warnings == ()


def test_fewer_words_than_a_question_has():
    one = Embeddings(np.eye(1), Vocabulary(["a"]))
    asked = benchmark(Question("part", "a", "a", "a", "a"))
    for protocol in PROTOCOLS:
        assert evaluate_analogies(one, asked, protocol).outcomes.tolist() == [0]


def test_settings_that_do_not_exist(royals):
    with pytest.raises(InputError, match="full, word2vec-30k, gensim-300k, glove, got 'best'"):
        evaluate_analogies(royals, benchmark(RIGHT), "best")
    with pytest.raises(InputError, match="max_vocabulary must be at least 1, got 0"):
        AnalogyProtocol(name="none", max_vocabulary=0)
    with pytest.raises(InputError, match="unknown must be one of 'leave-out', 'wrong', got 'zero'"):
        AnalogyProtocol(name="mine", unknown="zero")
    with pytest.raises(InputError, match="expected questions, got none"):
        benchmark()

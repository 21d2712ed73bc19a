import numpy as np
import pytest

from embedkit import Embeddings, InputError, UnknownWordError, translate, translation_scores
from embedkit.statistics.intervals import wilson


@pytest.fixture
def english():
    return Embeddings([[1, 0], [0, 1], [-1, 0], [1, 1]], ["cat", "dog", "cow", "pet"])


@pytest.fixture
def french():
    return Embeddings(
        [[0.1, 1], [1, 0.2], [1, -0.1], [-1, 0], [5, 5]], ["chien", "chat", "matou", "vache", "x"]
    )


def test_precision_is_the_share_of_words_with_one_right_answer(english, french):
    dictionary = [("cat", "chat"), ("cat", "minou"), ("dog", "chien"), ("dog", "x"), ("cow", "chat")]
    dictionary += [("owl", "hibou"), ("owl", "chat"), ("pet", "animal")]
    scores = translation_scores(english, french, dictionary, methods=["cosine"], top=[1, 2, 9])
    assert [score.right for score in scores] == [1, 2, 3]  # chien; chat is the second of cat; all of 5
    assert {(score.covered, score.total) for score in scores} == {(3, 5)}
    assert scores[0].precision == pytest.approx(1 / 3)
    assert scores[0].interval == wilson(1, 3)


def test_csls_answers_are_those_of_the_formula(english, french):
    a, b = english.unit_matrix.astype(float), french.unit_matrix.astype(float)
    cosines = a @ b.T
    near = np.sort(cosines, axis=1)[:, -2:].mean(axis=1), np.sort(cosines, axis=0)[-2:].mean(axis=0)
    expected = 2 * cosines - near[0][:, None] - near[1]
    answers = translate(english, french, ["dog", "cat"], top=5, neighbors=2)
    for row, found in zip([1, 0], answers, strict=True):
        assert {word: pytest.approx(score, abs=1e-6) for word, score in found} == dict(
            zip(french, expected[row], strict=True)
        )
        assert [score for _, score in found] == sorted(expected[row], reverse=True) or np.allclose(
            [score for _, score in found], sorted(expected[row], reverse=True), atol=1e-6
        )


def test_all_methods_and_numbers_by_default(english, french):
    scores = translation_scores(english, french, {"cat": "chat"})
    assert [(score.method, score.top) for score in scores] == [
        ("cosine", 1),
        ("cosine", 5),
        ("csls", 1),
        ("csls", 5),
    ]


def test_what_cannot_be_translated(english, french):
    with pytest.raises(UnknownWordError):
        translate(english, french, ["cats"])
    with pytest.raises(InputError, match="cosine, csls, got 'dot'"):
        translate(english, french, ["cat"], method="dot")
    with pytest.raises(InputError, match="of 1 pairs none"):
        translation_scores(english, french, {"cat": "tiger"})
    with pytest.raises(InputError, match="align such spaces first"):
        translate(english, Embeddings([[1]], ["chat"]), ["cat"])

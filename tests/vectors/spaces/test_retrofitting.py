import numpy as np
import pytest

from embedkit import Embeddings, InputError, Retrofitting, retrofit
from embedkit.vectors.spaces import retrofitting
from embedkit.vectors.spaces.lexicon_links import LexiconLinks


@pytest.fixture
def words():
    return Embeddings(np.random.default_rng(0).normal(size=(6, 20)), list("abcdef"))


LEXICON = [["a", "b", "c"], ["b", "c", "x"], ["d", "a"], ["y"]]  # e and f are not linked


@pytest.mark.parametrize(("alpha", "beta"), [(1, 1), (2, 0.5), (0.5, 3)])
def test_the_limit_solves_the_linear_equations(words, alpha, beta):
    """(alpha + beta) q_i - beta mean of q_j = alpha q^_i."""
    links = np.zeros((6, 6))
    for i, j in [(0, 1), (0, 2), (1, 2), (0, 3)]:
        links[i, j] = links[j, i] = 1
    degrees = links.sum(axis=1, keepdims=True)
    shares = links / np.where(degrees, degrees, 1)
    system = np.diag(np.where(degrees.ravel(), alpha + beta, alpha)) - beta * shares
    expected = np.linalg.solve(system, alpha * words.matrix.astype(float))
    found = retrofit(words, LEXICON, Retrofitting(alpha=alpha, beta=beta, tolerance=1e-9))
    np.testing.assert_allclose(found.matrix, expected, atol=1e-5)
    np.testing.assert_array_equal(found.matrix[4:], words.matrix[4:])


def test_updates_one_by_one_have_the_same_limit(words):
    """The order of Faruqui et al.: each word in turn, with alpha 1 and beta one over its links."""
    before = words.matrix.astype(float)
    now = before.copy()
    neighbors = {0: [1, 2, 3], 1: [0, 2], 2: [0, 1], 3: [0]}
    for _ in range(60):
        for word, linked in neighbors.items():
            now[word] = (now[linked].sum(axis=0) + len(linked) * before[word]) / (2 * len(linked))
    np.testing.assert_allclose(retrofit(words, LEXICON).matrix, now, atol=1e-5)


def test_links_are_counted_once_and_in_both_directions(words):
    links = LexiconLinks.of(words, [["a", "b", "b", "a"], ["b", "a"], ["c", "A"]])
    assert links.count == 2
    assert links.rows.tolist() == [0, 1, 2]
    assert links.weights.toarray().tolist() == [[0, 0.5, 0.5], [1, 0, 0], [1, 0, 0]]
    assert LexiconLinks.of(words, [["a", "b", "no", "no", "nor"]]).unknown == ("no", "nor")


def test_the_transform_is_told(words):
    [step] = retrofit(words, LEXICON).metadata["transforms"]
    assert step["name"] == "retrofit"
    assert (step["words"], step["links"], step["unknown_words"]) == (4, 4, 2)
    assert step["parameters"] == {"alpha": 1.0, "beta": 1.0, "iterations": 100, "tolerance": 1e-6}
    assert 10 < step["rounds"] < 30


def test_dimensions_do_not_depend_on_one_another(words, monkeypatch):
    whole = retrofit(words, LEXICON, Retrofitting(tolerance=1e-9)).matrix
    monkeypatch.setattr(retrofitting, "COLUMNS", 3)
    np.testing.assert_allclose(
        retrofit(words, LEXICON, Retrofitting(tolerance=1e-9)).matrix, whole, atol=1e-6
    )


def test_too_few_rounds_are_warned_of(words):
    with pytest.warns(UserWarning, match="still change after 2 rounds"):
        found = retrofit(words, LEXICON, Retrofitting(iterations=2))
    assert found.metadata["transforms"][-1]["rounds"] == 2


@pytest.mark.parametrize(
    ("lexicon", "message"),
    [
        ([["x", "a"], ["y", "z"]], r"no two that are linked are known; unknown are 'x', 'y', 'z'"),
        ([["a", "a"], ["b"]], "no two"),
        ({}, "got none"),
    ],
)
def test_a_lexicon_without_links_is_refused(words, lexicon, message):
    with pytest.raises(InputError, match=message):
        retrofit(words, lexicon)


def test_parameters_are_checked():
    with pytest.raises(InputError, match="alpha must be more than 0"):
        Retrofitting(alpha=0)

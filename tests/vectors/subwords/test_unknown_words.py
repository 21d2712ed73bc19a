"""Estimates for unknown words: against the exact solution, and on words made of parts that have vectors."""

import numpy as np
import pytest

from embedkit import Embeddings, InputError, estimate_unknown_words, load
from embedkit.vectors.subwords.ngram_regression import NgramCounts, conjugate_gradients, fit_ngrams

RNG = np.random.default_rng(1)


def test_rows_are_the_solution_of_the_normal_equations():
    lengths, owners = np.array([3, 2, 4, 1]), np.repeat([0, 1, 2, 3], [3, 2, 3, 1])  # one is single
    ids = np.array([0, 1, 2, 1, 2, 0, 0, 3, 4])  # one word has an n-gram twice
    ngrams = NgramCounts(ids, np.array([3, 2, 3, 1]), lengths, 5)
    vectors, weights = RNG.normal(size=(4, 2)).astype(np.float32), np.array([1, 2, 0.5, 1], np.float32)
    design = np.zeros((4, 5))
    np.add.at(design, (owners, ids), 1 / lengths[owners])
    singles = np.array([0, 0, 1, 0])
    scale = np.diag(weights / (1 + singles / (lengths**2 * 0.1)))
    expected = np.linalg.solve(design.T @ scale @ design + 0.1 * np.eye(5), design.T @ scale @ vectors)
    rows = fit_ngrams(ngrams, vectors, weights, 0.1, 50, 0)
    np.testing.assert_allclose(rows, expected, rtol=1e-4, atol=1e-5)


def test_single_ngrams_are_integrated_out_exactly():
    """The rows of shared n-grams are those of the regression in which single ones have rows, too."""
    shared, single = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1]]), np.diag([2, 1, 0])
    lengths = np.array([4, 3, 2])
    vectors = RNG.normal(size=(3, 2)).astype(np.float32)
    columns = np.concatenate([shared, np.diag([1, 1, 0]), np.diag([1, 0, 0])], axis=1) / lengths[:, None]
    whole = np.linalg.solve(columns.T @ columns + 0.2 * np.eye(9), columns.T @ vectors)
    ids, counts = np.nonzero(shared)[1], shared.sum(axis=1)
    assert (counts + single.sum(axis=1) == lengths).all()
    rows = fit_ngrams(NgramCounts(ids, counts, lengths, 3), vectors, np.ones(3, np.float32), 0.2, 50, 0)
    np.testing.assert_allclose(rows, whole[:3], rtol=1e-4, atol=1e-5)


def test_columns_that_are_solved_stay_so():
    solution = conjugate_gradients(
        lambda rows: 2 * rows, np.array([[0, 4], [0, 6]], np.float32), np.ones((2, 1), np.float32), 9, 0
    )
    np.testing.assert_allclose(solution, [[0, 2], [0, 3]])


@pytest.fixture(scope="module")
def compounds():
    """Words of two parts, of which each has a direction; a tenth of them is held out."""
    parts = ["sun", "moon", "fire", "water", "stone", "wind", "snow", "light", "shade", "cloud"]
    directions = RNG.normal(size=(10, 8))
    words = {a + b: directions[i] + directions[j] for i, a in enumerate(parts) for j, b in enumerate(parts)}
    held_out = sorted(words)[::10]
    known = {word: vector for word, vector in words.items() if word not in held_out}
    vectors = estimate_unknown_words(Embeddings.from_dict(known), iterations=60)
    return vectors, {word: words[word] for word in held_out}


def test_words_of_known_parts_are_estimated(compounds):
    vectors, held_out = compounds
    cosines = [
        np.dot(vectors[word], true) / np.linalg.norm(vectors[word]) / np.linalg.norm(true)
        for word, true in held_out.items()
    ]
    assert min(cosines) > 0.8
    assert np.mean(cosines) > 0.95


def test_known_words_keep_their_vectors_and_a_word_without_ngrams_has_none():
    vectors = load().subset(300)
    estimated = estimate_unknown_words(vectors, iterations=2)
    np.testing.assert_array_equal(estimated.matrix, vectors.matrix)
    assert estimated.subwords.kind == "estimated"
    assert not estimated["ωψχ"].any()
    assert estimated["things"].any()


def test_estimates_are_kept_in_a_file(compounds, tmp_path):
    vectors, held_out = compounds
    vectors.save(tmp_path / "v.safetensors")
    again = load(tmp_path / "v.safetensors")
    assert again.subwords.kind == "estimated"
    np.testing.assert_array_equal(again.rows(held_out), vectors.rows(held_out))


def test_other_subwords_need_as_many_dimensions(compounds):
    vectors, held_out = compounds
    word = next(iter(held_out))
    assert vectors.with_subwords(None).subwords is None
    with pytest.raises(InputError, match="expected subwords of 2 dimensions"):
        Embeddings([[1, 0]], ["a"]).with_subwords(vectors.subwords)
    assert word in held_out


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"minn": 0}, "1 <= minn <= maxn, got 0 to 6"),
        ({"minn": 4, "maxn": 3}, "got 4 to 3"),
        ({"ridge": 0}, "above 0, got 0"),
        ({"iterations": 0}, "iterations"),
        ({"min_words": 99}, "occur 99 times in the vocabulary, found none"),
    ],
)
def test_parameters_out_of_range(parameters, message):
    with pytest.raises(InputError, match=message):
        estimate_unknown_words(Embeddings([[1, 0], [0, 1]], ["cat", "cats"]), **parameters)

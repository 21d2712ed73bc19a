import numpy as np
import pytest
from sklearn.decomposition import PCA

from embedkit import Embeddings, InputError, all_but_the_top, pca, whiten


def test_pca_is_that_of_scikit_learn(correlated):
    expected = PCA(3).fit_transform(correlated.matrix.astype(float))
    found = pca(correlated, 3)
    np.testing.assert_allclose(np.abs(found.matrix), np.abs(expected), atol=1e-4)
    assert found.vocabulary is correlated.vocabulary
    assert found.metadata["tool"] == "x"
    kept = PCA(3).fit(correlated.matrix.astype(float)).explained_variance_ratio_.sum()
    assert found.metadata["transforms"][-1] == {
        "name": "pca",
        "dimensions": 3,
        "variance_kept": pytest.approx(kept),
    }


def test_pca_to_all_dimensions_keeps_distances(correlated):
    found = pca(correlated, 6)
    before, after = (space.matrix[:50] - space.matrix[50:100] for space in (correlated, found))
    np.testing.assert_allclose(np.linalg.norm(before, axis=1), np.linalg.norm(after, axis=1), rtol=1e-5)
    assert found.metadata["transforms"][-1]["variance_kept"] == 1


def test_all_but_the_top_leaves_nothing_along_the_top(correlated):
    found = all_but_the_top(correlated, 2).matrix.astype(float)
    rows = correlated.matrix.astype(float)
    axes = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)[2]
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(found @ axes[:2].T, 0, atol=1e-5)
    np.testing.assert_allclose(found @ axes[2:].T, (rows - rows.mean(axis=0)) @ axes[2:].T, atol=1e-5)


@pytest.mark.parametrize(("size", "components"), [(6, 1), (149, 1), (151, 2), (300, 3)])
def test_all_but_the_top_takes_one_component_for_100_dimensions(size, components):
    vectors = Embeddings(np.random.default_rng(0).normal(size=(9, size)), [f"w{i}" for i in range(9)])
    assert all_but_the_top(vectors).metadata["transforms"] == [
        {"name": "all-but-the-top", "components": components}
    ]


@pytest.mark.parametrize(("dimensions", "method"), [(None, "zca"), (6, "pca"), (3, "pca"), (3, None)])
def test_white_vectors_are_uncorrelated(correlated, dimensions, method):
    found = whiten(correlated, dimensions, method)
    rows = found.matrix.astype(float)
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(rows.T @ rows / len(rows), np.eye(dimensions or 6), atol=1e-4)


def test_zca_is_the_symmetric_root(correlated):
    rows = correlated.matrix.astype(float)
    values, vectors = np.linalg.eigh(np.cov(rows.T, bias=True))
    expected = (rows - rows.mean(axis=0)) @ (vectors / np.sqrt(values)) @ vectors.T
    np.testing.assert_allclose(whiten(correlated).matrix, expected, atol=1e-4)


@pytest.mark.parametrize("strength", [0, 0.3, 1])
def test_partial_whitening_takes_a_power_of_each_deviation(correlated, strength):
    before = np.linalg.eigvalsh(np.cov(correlated.matrix.T.astype(float), bias=True))
    for method in ("zca", "pca"):
        found = whiten(correlated, method=method, strength=strength)
        after = np.linalg.eigvalsh(np.cov(found.matrix.T.astype(float), bias=True))
        np.testing.assert_allclose(after, before ** (1 - strength), rtol=1e-4)
    if strength == 0:
        np.testing.assert_allclose(
            whiten(correlated, strength=0).matrix, correlated.center().matrix, atol=1e-5
        )


def test_rows_that_do_not_vary_cannot_be_whitened():
    flat = Embeddings(np.random.default_rng(0).normal(size=(9, 2)) @ np.ones((2, 3)), list("abcdefghi"))
    with pytest.raises(InputError, match=r"vary in 1 dimensions, so 3 cannot .* whiten to at most 1"):
        whiten(flat)
    assert whiten(flat, 1).matrix.std() == pytest.approx(1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda vectors: pca(vectors, 7), "have 6 dimensions, of which 7"),
        (lambda vectors: pca(vectors, 0), "at least 1"),
        (lambda vectors: whiten(vectors, 3, "zca"), "zca keeps all 6"),
        (lambda vectors: whiten(vectors, 3, "ica"), "zca, pca, got 'ica'"),
        (lambda vectors: whiten(vectors, strength=1.1), "between 0 and 1, got 1.1"),
        (lambda vectors: whiten(vectors, strength=float("nan")), "between 0 and 1, got nan"),
        (lambda vectors: all_but_the_top(vectors, 6), "fewer than 6 components"),
        (lambda vectors: all_but_the_top(vectors, True), "whole number"),
    ],
)
def test_settings_are_checked(correlated, change, message):
    with pytest.raises(InputError, match=message):
        change(correlated)

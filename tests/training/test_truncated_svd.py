"""Truncated SVD against numpy's, of matrices large enough for block Lanczos iteration and small ones."""

import numpy as np
import pytest
from scipy.sparse import csr_array, random_array

from embedkit.simd.storage import aligned_matrix
from embedkit.training import truncated_svd as module
from embedkit.training.kernels.sparse_products import multiply_rows
from embedkit.training.truncated_svd import MAX_DENSE, truncated_svd

ROWS, COLUMNS = MAX_DENSE + 200, MAX_DENSE + 100


@pytest.fixture(scope="module")
def matrix():
    """A sparse matrix whose singular values fall slowly, as those of mutual information do."""
    found = csr_array(random_array((ROWS, COLUMNS), density=0.05, rng=4))
    found.data[:] = np.random.default_rng(5).gamma(1.5, size=found.nnz)
    return found


@pytest.mark.parametrize("size", [1, 16, 40])
def test_values_are_found_to_one_percent_from_below(matrix, size):
    exact = np.linalg.svd(matrix.toarray(), compute_uv=False)[:size]
    left, singular = truncated_svd(matrix, size, seed=1)
    assert (singular <= exact * (1 + 1e-5)).all()
    assert (singular >= exact * 0.99).all()
    np.testing.assert_allclose(left.T @ left, np.eye(size), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(matrix.T @ left, axis=0), singular, rtol=1e-4)


def test_vectors_are_those_of_well_separated_values():
    random = np.random.default_rng(0)
    left, right = (np.linalg.qr(random.standard_normal((size, 8)))[0] for size in (ROWS, COLUMNS))
    values = 2.0 ** -np.arange(8)
    found, singular = truncated_svd(csr_array(left * values @ right.T), 5, seed=3)
    np.testing.assert_allclose(singular, values[:5], rtol=1e-5)
    left *= np.sign(left[np.abs(left).argmax(0), range(8)])
    np.testing.assert_allclose(found, left[:, :5], atol=1e-4)


def test_values_beyond_the_rank_are_zero():
    random = np.random.default_rng(0)
    blocks = np.zeros((ROWS, COLUMNS))
    blocks[:300, :10], blocks[300:, 10:30] = random.random((300, 10)), random.random((ROWS - 300, 20))
    exact = np.linalg.svd(blocks, compute_uv=False)
    left, singular = truncated_svd(csr_array(blocks), 50, seed=2)
    np.testing.assert_allclose(singular[:30], exact[:30], rtol=1e-3)
    assert not singular[30:].any()
    assert not left[:, 30:].any()


def test_the_result_does_not_depend_on_the_threads(matrix, monkeypatch):
    monkeypatch.setattr(module, "PIECE", 500)
    one, many = (truncated_svd(matrix, 10, seed=1, workers=workers) for workers in (1, 5))
    np.testing.assert_array_equal(one[0], many[0])
    np.testing.assert_array_equal(one[1], many[1])


@pytest.mark.parametrize("seed", range(5))
def test_what_has_no_rank_is_zero(seed):
    matrix = np.zeros((6, 6))
    matrix[0, 1], matrix[3, 4] = 2, -1
    left, singular = truncated_svd(csr_array(matrix), 4, seed)
    np.testing.assert_allclose(singular, [2, 1, 0, 0])
    np.testing.assert_allclose(left, np.eye(6)[:, [0, 3, 2, 5]] * [1, 1, 0, 0], atol=1e-12)


def test_rows_multiply_as_those_of_scipy(matrix):
    values = matrix.data.astype(np.float32)
    right, out = aligned_matrix(COLUMNS, 16), aligned_matrix(ROWS, 16)
    right[:] = np.random.default_rng(1).random((COLUMNS, 16))
    out[:] = np.nan
    multiply_rows(values, matrix.indices, matrix.indptr, right.reshape(-1), out.reshape(-1), 3, 90)
    np.testing.assert_allclose(out[3:90], (matrix @ right)[3:90], rtol=1e-5)
    assert np.isnan(out[:3]).all()
    assert np.isnan(out[90:]).all()

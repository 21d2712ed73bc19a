import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import orthogonal_procrustes

from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces.procrustes import OrthogonalMap


def fit(x, y, sources, targets, **settings):
    return OrthogonalMap.fit(StoredRows(x), StoredRows(y), sources, targets, **settings)


def rows_of(seed, count, size):
    return np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)


@given(st.integers(1, 7), st.integers(0, 99), st.booleans())
@settings(max_examples=40)
def test_a_turn_is_found_again(size, seed, center):
    """Also reflections, and shifts if the means may move."""
    x = rows_of(seed, 3 * size + 3, size)
    turn = np.linalg.qr(rows_of(seed + 1, size, size).astype(float))[0]
    y = (x @ turn + (5 if center else 0)).astype(np.float32)
    all_rows = np.arange(len(x))
    found = fit(x, y, all_rows, all_rows, normalize=False, center=center)
    np.testing.assert_allclose(found.turn, turn, atol=1e-4)
    np.testing.assert_allclose(found.apply(StoredRows(x)), y, atol=1e-4)


def test_the_map_is_that_of_scipy():
    x, y = rows_of(0, 50, 6), rows_of(1, 50, 6)
    sources, targets = np.arange(30), np.arange(29, -1, -1)
    found = fit(x, y, sources, targets, normalize=False, center=False)
    expected, _ = orthogonal_procrustes(x[:30].astype(float), y[targets].astype(float))
    np.testing.assert_allclose(found.turn, expected, atol=1e-12)
    np.testing.assert_allclose(found.turn @ found.turn.T, np.eye(6), atol=1e-12)


def test_with_length_1_long_rows_weigh_no_more():
    x, y = rows_of(2, 40, 4), rows_of(3, 40, 4)
    rows = np.arange(40)
    scale = np.linspace(1, 90, 40, dtype=np.float32)[:, None]
    plain = fit(x, y, rows, rows, normalize=True, center=False)
    scaled = fit(x * scale, y / scale, rows, rows, normalize=True, center=False)
    np.testing.assert_allclose(plain.turn, scaled.turn, atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(plain.apply(StoredRows(x)), axis=1), 1, rtol=1e-6)


def test_no_orthogonal_map_comes_nearer():
    x, y = rows_of(4, 30, 3), rows_of(5, 30, 3)
    rows = np.arange(30)
    found = fit(x, y, rows, rows, normalize=False, center=True)
    error = np.linalg.norm(found.apply(StoredRows(x)) - y)
    for seed in range(200):
        turn = np.linalg.qr(rows_of(seed, 3, 3))[0]
        other = found._replace(turn=turn.astype(float))
        assert np.linalg.norm(other.apply(StoredRows(x)) - y) >= error - 1e-5


def test_zero_rows_stay_zero():
    x = np.zeros((3, 2), np.float32)
    found = fit(x, x, np.arange(3), np.arange(3), normalize=True, center=False)
    assert found.apply(StoredRows(x)).tolist() == x.tolist()
    assert pytest.approx(np.eye(2)) == found.turn @ found.turn.T

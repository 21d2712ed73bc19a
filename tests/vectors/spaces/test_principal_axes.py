import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces import rows as passes
from embedkit.vectors.spaces.principal_axes import PrincipalAxes


def test_axes_are_those_of_a_singular_value_decomposition(correlated):
    found = PrincipalAxes.of(correlated.stored)
    rows = correlated.matrix.astype(float)
    _, lengths, axes = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(found.means, rows.mean(axis=0))
    np.testing.assert_allclose(found.variances, lengths**2 / len(rows))
    np.testing.assert_allclose(np.abs((found.axes * axes.T).sum(axis=0)), 1)
    assert found.rank == 6


@given(st.integers(1, 8), st.integers(1, 40), st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_the_largest_entry_of_an_axis_is_positive(size, count, seed):
    rows = np.random.default_rng(seed).normal(size=(count, size)).astype(np.float32)
    axes = PrincipalAxes.of(StoredRows(rows)).axes
    assert (axes.max(axis=0) >= -axes.min(axis=0) - 1e-12).all()
    np.testing.assert_allclose(axes.T @ axes, np.eye(size), atol=1e-9)


def test_rank_counts_directions_beyond_rounding():
    rows = np.random.default_rng(0).normal(size=(50, 2)) @ np.random.default_rng(1).normal(size=(2, 5))
    assert PrincipalAxes.of(StoredRows(rows.astype(np.float32))).rank == 2
    assert PrincipalAxes.of(StoredRows(np.ones((4, 3), np.float32))).rank == 0


@pytest.mark.parametrize("entries", [1, 7, 100])
def test_blocks_change_nothing(correlated, monkeypatch, entries):
    whole = PrincipalAxes.of(correlated.stored)
    monkeypatch.setattr(passes, "ENTRIES", entries)
    for part, other in zip(PrincipalAxes.of(correlated.stored), whole, strict=True):
        np.testing.assert_allclose(part, other, atol=1e-9)

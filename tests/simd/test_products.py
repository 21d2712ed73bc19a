"""Products of matrices against numpy."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from embedkit.simd.products import add_product


@njit
def product(left, left_row, left_column, right, rows, depth, columns, out, stride):
    """Add left @ right to out, each from the second number of a flat array on."""
    add_product(
        left, 1, left_row, left_column, right, 1, columns + 1, rows, depth, columns, out, 1, stride
    )  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 20), st.integers(1, 9), st.integers(1, 10), st.booleans())
def test_a_product_is_added_for_all_shapes(rows, depth, vectors, transposed):
    random, columns = np.random.default_rng(rows + 100 * depth), 16 * vectors
    left = random.normal(size=(depth, rows) if transposed else (rows, depth)).astype(np.float32)
    right = random.normal(size=(depth, columns + 1)).astype(np.float32)
    out = random.normal(size=(rows, columns + 3)).astype(np.float32)
    flats = [np.concatenate([[np.nan], matrix.ravel()]).astype(np.float32) for matrix in (left, right, out)]
    expected = out.copy()
    expected[:, :columns] += (left.T if transposed else left) @ right[:, :columns]
    strides = (1, max(rows, 1)) if transposed else (depth, 1)
    product(flats[0], *strides, flats[1], rows, depth, columns, flats[2], columns + 3)
    np.testing.assert_allclose(flats[2][1:].reshape(out.shape), expected, rtol=1e-4, atol=1e-4)

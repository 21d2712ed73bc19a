"""Rows of any type against numpy in float64."""

import numpy as np
import pytest
from numba import njit

from embedkit.simd.stored_rows import ROWS, product_of_row, products_of_rows, spread

SIZES = (17, 31, 32, 33, 100)


@njit
def multiply(values, size, vector, factors, out):
    products_of_rows(values, 0, size, vector, factors, out)
    product_of_row(values, ROWS, size, vector, factors, out)


def rows_of(dtype, size):
    """Five rows that are a view of the end of an array."""
    numbers = np.random.default_rng(size).integers(-127, 128, (ROWS + 4, size)).astype(dtype)[3:]
    return numbers.astype(float), (numbers.view(np.uint16) if dtype == np.float16 else numbers).reshape(-1)


@pytest.mark.parametrize("dtype", [np.float32, np.float16, np.int8])
@pytest.mark.parametrize("size", SIZES)
def test_products(dtype, size):
    numbers, flat = rows_of(dtype, size)
    vector = np.random.default_rng(0).integers(-9, 10, size).astype(np.float32)
    factors = np.arange(1, ROWS + 2, dtype=np.float32)
    out = np.empty(ROWS + 1, np.float32)
    multiply(flat, size, spread(vector), factors, out)
    assert out.tolist() == (numbers @ vector * factors).tolist()  # products of whole numbers are exact


@pytest.mark.parametrize("value", [6.1e-5, 5.96e-8, -65504, 0.1])  # normal, subnormal, the largest
def test_numbers_of_float16(value):
    numbers = np.full(17 * (ROWS + 1), value, np.float16)
    out = np.empty(ROWS + 1, np.float32)
    multiply(
        numbers.view(np.uint16),
        17,
        spread(np.eye(17, dtype=np.float32)[3]),
        np.ones(ROWS + 1, np.float32),
        out,
    )
    assert (out == numbers[0].astype(np.float32)).all()

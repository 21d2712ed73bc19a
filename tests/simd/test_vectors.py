"""Vectors with operators, and the functions made of them, against numpy in float64."""

import numpy as np
import pytest
from numba import njit, types
from numba.extending import intrinsic

from embedkit.simd.activations import sigmoid, tanh
from embedkit.simd.intrinsics import emits
from embedkit.simd.lanes import LANES, Lanes
from embedkit.simd.vectors import VectorArray


def compiled(operation):
    """`operation(x, y)` of vectors, as a function of two arrays (16,)."""

    @intrinsic
    def emit(typing, sources, distance, result):
        def write(builder, sources, distance, result):
            lanes, zero = Lanes(builder), distance.type(0)
            rows = VectorArray(lanes, sources, zero, distance)
            VectorArray(lanes, result, zero)[0] = operation(rows[0], rows[1])

        return emits(types.void(sources, types.intp, result), write)

    @njit
    def run(sources, result):
        emit(sources, LANES, result)

    def call(x, y):
        result = np.zeros(LANES, np.float32)
        run(np.concatenate([x, y]).astype(np.float32), result)
        return result

    return call


@pytest.mark.parametrize(
    "operation",
    [
        lambda x, y: x + y,
        lambda x, y: x - y * 3,
        lambda x, y: 2 - x,
        lambda x, y: (x + 1) / y,
    ],
)
def test_operators_do_what_they_do_with_arrays(operation):
    x, y = np.arange(16.0), np.arange(16.0) + 5
    np.testing.assert_allclose(compiled(operation)(x, y), operation(x, y), rtol=1e-6)


def test_within_limits_and_keeps_nan():
    found = compiled(lambda x, y: x.within(9.0))(np.array([-20, 20, 3, np.nan] * 4), np.zeros(16))
    np.testing.assert_array_equal(found[:4], [-9, 9, 3, np.nan])


def test_tanh_and_sigmoid_hold_everywhere():
    values = np.concatenate([np.linspace(-20, 20, 3996), np.geomspace(1e-30, 1, 100)]).astype(np.float32)
    rows, exact = values.reshape(-1, LANES), values.astype(np.float64)
    found, nothing = compiled(lambda x, y: tanh(x)), np.zeros(LANES)
    np.testing.assert_allclose(np.ravel([found(row, nothing) for row in rows]), np.tanh(exact), rtol=5e-7)
    found = compiled(lambda x, y: sigmoid(x))
    np.testing.assert_allclose(
        np.ravel([found(row, nothing) for row in rows]), 1 / (1 + np.exp(-exact)), atol=2e-7
    )

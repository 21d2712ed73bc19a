import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedkit import InputError
from embedkit.vectors.norms import check_finite, row_norms, unit_rows


def test_lengths_of_known_rows():
    matrix = np.array([[3, 4], [0, 0], [-5, 12]], np.float32)
    assert row_norms(matrix).tolist() == [5, 0, 13]
    assert unit_rows(matrix, row_norms(matrix))[1].tolist() == [0, 0]


@given(arrays(np.float32, (4, 3), elements=st.floats(-(2.0**120), 2.0**120, width=32)))
def test_lengths_neither_overflow_nor_vanish(matrix):
    exact = np.linalg.norm(matrix.astype(float), axis=1)
    np.testing.assert_allclose(row_norms(matrix), exact, rtol=1e-5, atol=1e-44)


@given(arrays(np.float32, (4, 3), elements=st.floats(-(2.0**120), 2.0**120, width=32, allow_subnormal=False)))
def test_unit_rows_have_length_one_or_zero(matrix):
    unit = unit_rows(matrix, row_norms(matrix))
    lengths = np.linalg.norm(unit.astype(float), axis=1)
    np.testing.assert_allclose(lengths, matrix.any(axis=1), atol=1e-5)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_rows_that_are_not_finite_are_named(wrong):
    matrix = np.ones((3, 2), np.float32)
    matrix[1, 0] = wrong
    with pytest.raises(InputError, match=r"1 words: 'b'$"):
        check_finite(row_norms(matrix), ["a", "b", "c"])

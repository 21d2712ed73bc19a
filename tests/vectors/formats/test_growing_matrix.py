import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.vectors.formats.growing_matrix import BLOCK, GrowingMatrix, keep_rows


@pytest.mark.parametrize("expected", [0, 7, 1000])
@given(sizes=st.lists(st.integers(0, 50), max_size=8))
def test_rows_come_back_whatever_was_expected(expected, sizes):
    parts = [np.full((size, 3), number, np.float32) for number, size in enumerate(sizes)]
    matrix = GrowingMatrix(3, expected)
    for part in parts:
        matrix.extend(part)
    assert len(matrix) == sum(sizes)
    finished = matrix.finished()
    np.testing.assert_array_equal(finished, np.concatenate([np.empty((0, 3), np.float32), *parts]))
    assert finished.flags.owndata


def test_rows_are_kept_in_place():
    matrix = np.arange(6.0 * BLOCK, dtype=np.float32).reshape(-1, 2).copy()
    rows = np.flatnonzero(np.arange(3 * BLOCK) % 3)
    expected = matrix[rows]
    kept = keep_rows(matrix, rows)
    np.testing.assert_array_equal(kept, expected)
    assert kept is matrix


def test_rows_of_a_view_are_copied():
    matrix = np.ones((4, 2), np.float32)
    kept = keep_rows(matrix[:3], np.array([0, 2]))
    assert kept.shape == (2, 2)
    assert matrix.shape == (4, 2)

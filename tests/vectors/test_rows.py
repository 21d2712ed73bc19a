import pickle

import numpy as np
import pytest

from embedkit import InputError
from embedkit.vectors.rows import ROW_TYPES, StoredRows

MATRIX = np.random.default_rng(2).normal(0, 3, (70, 9)).astype(np.float32)
MATRIX[5] = 0


@pytest.mark.parametrize(("dtype", "error"), [("float32", 0), ("float16", 2**-11), ("int8", 0.5 / 127)])
def test_rows_are_kept_to_the_accuracy_of_their_type(dtype, error):
    rows = StoredRows.of(MATRIX, dtype)
    ids = np.array([69, 0, 5, 5])
    largest = np.abs(MATRIX).max(axis=1, keepdims=True)
    assert (np.abs(rows.block(slice(None)) - MATRIX) <= error * largest + 1e-6).all()
    np.testing.assert_array_equal(rows.take(ids), rows.block(slice(0, 70))[ids])
    np.testing.assert_allclose(rows.norms, np.linalg.norm(rows.block(slice(None)), axis=1), rtol=1e-6)
    assert rows.take(ids).dtype == rows.norms.dtype == np.float32
    assert (len(rows), rows.vector_size, rows.dtype, rows.norms[5]) == (70, 9, dtype, 0)


@pytest.mark.parametrize("dtype", ROW_TYPES)
def test_rows_survive_pickling(dtype):
    rows = StoredRows.of(MATRIX, dtype)
    _ = rows.norms
    again = pickle.loads(pickle.dumps(rows))
    np.testing.assert_array_equal(again.values, rows.values)
    np.testing.assert_array_equal(again.take(np.arange(3)), rows.take(np.arange(3)))


def test_float32_rows_are_not_copied():
    assert np.shares_memory(StoredRows.of(MATRIX, "float32").block(slice(3, 8)), MATRIX)


def test_numbers_too_large_for_float16():
    with pytest.raises(InputError, match="at most 65504 for float16, got 70000"):
        StoredRows.of(np.array([[1, -70000]], np.float32), "float16")


@pytest.mark.parametrize(
    ("values", "scales"),
    [
        (np.zeros((2, 2)), None),
        (np.zeros(2, np.float32), None),
        (np.zeros((2, 2), np.int8), None),
        (np.zeros((2, 2), np.int8), np.ones(3, np.float32)),
        (np.zeros((2, 2), np.float16), np.ones(2, np.float32)),
    ],
)
def test_other_arrays_are_refused(values, scales):
    with pytest.raises(InputError, match="expected a"):
        StoredRows(values, scales)

"""Rows that travel: closed forms, numpy's own float16, and a mean that is exact."""

import numpy as np
import pytest

from embedkit.container.half_floats import from_bfloat16
from embedkit.training.rounds.wire import Wire

ROWS, SIZE = 300, 20
SCALE = 256  # of changes in float16
STEPS = {"float16": 2.0**-10, "bfloat16": 2.0**-7}  # between neighbors, relative
NUMBERS = np.arange(ROWS, dtype=np.int32)


def change(kind, changes):
    """What arrives of changes, and what they are packed as; the same must stay here."""
    base = np.zeros((len(changes), 32), np.float32)
    made = base.copy()
    made[:, :SIZE] = changes
    numbers = np.arange(len(changes), dtype=np.int32)
    wire, there = Wire(kind, SIZE), base.copy()
    rows = wire.packed(numbers, made, numbers, base, numbers)
    wire.unpack(rows, there, numbers, there, numbers)
    assert there.tobytes() == made.tobytes()
    return there[:, :SIZE], rows.values


@pytest.mark.parametrize("kind", STEPS)
@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1.0, 60.0])
def test_changes_become_one_of_their_neighbors(kind, scale):
    changes = scale * np.random.default_rng(0).normal(size=(ROWS, SIZE)).astype(np.float32)
    arrived, packed = change(kind, changes)
    if kind == "float16":
        numbers = packed.view(np.float16).astype(np.float32) / SCALE
    else:
        numbers = from_bfloat16(packed)
    np.testing.assert_array_equal(arrived, numbers)
    least = 2.0**-24 / SCALE if kind == "float16" else 0
    assert (np.abs(arrived - changes) <= np.maximum(STEPS[kind] * np.abs(changes), least)).all()


@pytest.mark.parametrize("kind", STEPS)
def test_numbers_of_16_bits_stay_what_they_are(kind):
    changes = np.linspace(-2, 2, ROWS * SIZE).reshape(ROWS, SIZE).astype(np.float16).astype(np.float32)
    changes = change(kind, changes)[0]
    np.testing.assert_array_equal(change(kind, changes)[0], changes)


@pytest.mark.parametrize("kind", STEPS)
def test_the_mean_of_many_roundings_is_exact(kind):
    """A step of a third between neighbors is rounded up in a third of the places, and in no other order."""
    neighbors = 1 + STEPS[kind] * np.arange(2)
    third = np.float32(neighbors[0] + STEPS[kind] / 3)
    arrived, _ = change(kind, np.full((ROWS, SIZE), third, np.float32))
    assert set(np.unique(arrived).tolist()) == set(neighbors.tolist())
    up = arrived == neighbors[1]
    assert up.mean() == pytest.approx(1 / 3, abs=4 * np.sqrt(2 / 9 / up.size))
    assert np.abs(np.corrcoef(up.T)[np.triu_indices(SIZE, 1)]).max() < 5 / np.sqrt(ROWS)


@pytest.mark.parametrize("kind", STEPS)
def test_no_number_becomes_one_that_looks_sound(kind):
    changes = np.zeros((3, SIZE), np.float32)
    changes[:, 0] = np.nan, np.inf, -np.inf
    assert not np.isfinite(change(kind, changes)[0][:, 0]).any()


def test_changes_beyond_the_range_of_float16_are_its_largest():
    arrived, _ = change("float16", np.full((1, SIZE), [1e6, -1e6] * (SIZE // 2), np.float32))
    assert np.unique(arrived).tolist() == [-65504 / SCALE, 65504 / SCALE]

"""The vector operations against numpy in float64."""

import numpy as np
import pytest
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from embedkit.container.half_floats import from_bfloat16
from embedkit.simd.lanes import LANES, Lanes


def compiled(operation):
    """`operation(lanes, load)` on rows of a (n, 16) array, compiled; `load(i)` is row i."""

    @intrinsic
    def emit(typing, source, result):
        def generate(context, builder, signature, arguments):
            data, out = (
                context.make_array(kind)(context, builder, value).data
                for kind, value in zip(signature.args, arguments, strict=True)
            )
            index = ir.IntType(64)
            lanes = Lanes(builder)
            value = operation(lanes, lambda row: lanes.load(data, index(row * LANES)))
            lanes.store(value, out, index(0))
            return context.get_dummy_value()

        return types.void(source, result), generate

    @njit
    def run(source, result):
        emit(source, result)

    def call(rows, dtype=np.float32):
        source, result = aligned(rows.size), aligned(LANES, dtype)
        source[:] = rows.ravel()
        run(source, result)
        return result.copy()

    return call


def aligned(size, dtype=np.float32):
    raw = np.zeros(size + 2 * LANES, dtype)
    skip = (-raw.ctypes.data % 64) // raw.itemsize
    return raw[skip : skip + size]


@pytest.mark.parametrize("count", [1, 5, 12, 16])
def test_sums_puts_the_sum_of_each_vector_in_its_lane(count):
    rows = np.random.default_rng(count).normal(size=(count, LANES)).astype(np.float32)
    found = compiled(lambda lanes, load: lanes.sums([load(i) for i in range(count)]))(rows)
    np.testing.assert_allclose(found[:count], rows.sum(axis=1, dtype=np.float64), atol=1e-5)


def test_exp_is_accurate_over_its_range():
    values = np.linspace(-87, 87, 100 * LANES, dtype=np.float32).reshape(-1, LANES)
    exp = compiled(lambda lanes, load: lanes.exp(load(0)))
    found = np.array([exp(row) for row in values])
    np.testing.assert_allclose(found, np.exp(values.astype(np.float64)), rtol=3e-7)


def test_log_is_accurate_down_to_the_smallest_normal_float():
    values = np.geomspace(1.2e-38, 1e4, 100 * LANES).astype(np.float32).reshape(-1, LANES)
    log = compiled(lambda lanes, load: lanes.log(load(0)))
    found = np.array([log(row) for row in values])
    np.testing.assert_allclose(found, np.log(values.astype(np.float64)), rtol=0, atol=5e-6)


def test_clamp_where_and_fma_work_lane_by_lane():
    rows = np.arange(3 * LANES, dtype=np.float32).reshape(3, LANES)
    mask = [i % 3 == 0 for i in range(LANES)]
    assert np.array_equal(
        compiled(lambda lanes, load: lanes.fma(load(0), load(1), load(2)))(rows), rows[0] * rows[1] + rows[2]
    )
    assert np.array_equal(
        compiled(lambda lanes, load: lanes.clamp(load(0), 2.5, 7.0))(rows), rows[0].clip(2.5, 7)
    )
    assert np.array_equal(
        compiled(lambda lanes, load: lanes.where(mask, load(0), load(1)))(rows),
        np.where(mask, rows[0], rows[1]),
    )


def test_total_is_the_sum_in_every_lane():
    rows = np.random.default_rng(2).normal(size=(1, LANES)).astype(np.float32)
    found = compiled(lambda lanes, load: lanes.total(load(0)))(rows)
    assert len(set(found.tolist())) == 1
    np.testing.assert_allclose(found, rows.sum(dtype=np.float64), atol=1e-5)


def test_within_limits_both_ways_and_nan():
    rows = np.array([[-9, -2, -1, 0, 1, 2, 9, np.nan] * 2, [2] * LANES], np.float32)
    found = compiled(lambda lanes, load: lanes.within(load(0), load(1)))(rows)
    np.testing.assert_array_equal(found, [-2, -2, -1, 0, 1, 2, 2, 2] * 2)


def test_a_quotient_by_a_root_is_accurate_over_the_whole_range():
    values = np.geomspace(1.2e-38, 3e38, 100 * LANES).astype(np.float32).reshape(-1, LANES)
    run = compiled(lambda lanes, load: lanes.minus_over_root(load(0), load(1), load(2)))
    zeros, ones = np.zeros(LANES), np.ones(LANES)
    found = np.array([run(np.stack([zeros, ones, row]).astype(np.float32)) for row in values])
    np.testing.assert_allclose(-found, 1 / np.sqrt(values.astype(np.float64)), rtol=9e-4)
    np.testing.assert_allclose(run(np.stack([3 * ones, ones, 4 * ones]).astype(np.float32)), 2.5, rtol=5e-4)


def test_numbers_are_rounded_to_bfloat16_at_random_and_right_in_the_mean():
    copy = compiled(lambda lanes, load: load(0))
    random = np.random.default_rng(0)
    numbers = random.uniform(1, 2, size=(2000, LANES)).astype(np.float32)
    rounded = np.array([from_bfloat16(copy(row, np.uint16)) for row in numbers])
    step = 2.0**-7
    below = np.floor(numbers / step) * step
    assert ((rounded == below) | (rounded == below + step)).all()
    share = (rounded > below).mean()
    assert share == pytest.approx(((numbers - below) / step).mean(), abs=0.01)
    assert (rounded - numbers).mean() == pytest.approx(0, abs=step / 100)
    near = numbers[(numbers - below) / step < 0.1]
    assert (rounded[(numbers - below) / step < 0.1] - near).mean() == pytest.approx(0, abs=step / 50)


def test_what_bfloat16_can_hold_is_kept():
    copy = compiled(lambda lanes, load: load(0))
    numbers = np.array([0, -0.0, 1, -1.5, 2.0**100, np.inf, -np.inf, 2.0**-120] * 2, np.float32)
    assert from_bfloat16(copy(numbers, np.uint16)).tobytes() == numbers.tobytes()
    assert np.isnan(from_bfloat16(copy(np.full(LANES, np.nan, np.float32), np.uint16))).all()

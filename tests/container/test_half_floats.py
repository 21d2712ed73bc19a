import numpy as np
import pytest

from embedkit.container.half_floats import all_finite, from_bfloat16, from_half, to_bfloat16

ALL = np.arange(1 << 16, dtype=np.uint16).view(np.float16)


def test_every_number_of_16_bits():
    finite = ALL[np.isfinite(ALL)]
    expected = finite.astype(np.float32)
    assert from_half(finite).tobytes() == expected.tobytes()
    for number in finite[::97]:  # alone, it is not told apart by what stands beside it
        assert from_half(np.array([number])).tobytes() == np.float32(number).tobytes()


@pytest.mark.parametrize("bits", [0x7C00, 0xFC00, 0x7C01, 0xFFFF, 0x7FFF])
def test_infinity_and_nan_are_kept(bits):
    numbers = np.array([1, bits, 0x8000], np.uint16).view(np.float16)
    np.testing.assert_array_equal(from_half(numbers), numbers.astype(np.float32))


def test_shapes():
    assert from_half(ALL[:12].reshape(3, 4)).shape == (3, 4)
    assert from_half(ALL[:0]).shape == (0,)
    strided = np.ones((4, 6), np.float16)[:, ::2]
    assert from_half(strided).tolist() == np.ones((4, 3)).tolist()


def test_the_nearest_bfloat16():
    random = np.random.default_rng(0)
    numbers = random.normal(size=10_000).astype(np.float32) * 10.0 ** random.integers(-30, 30, size=10_000)
    numbers = numbers.astype(np.float32)
    bits = to_bfloat16(numbers)
    np.testing.assert_allclose(from_bfloat16(bits), numbers, rtol=2.0**-8)
    for neighbor in (bits - 1, bits + 1):
        assert (abs(from_bfloat16(neighbor) - numbers) >= abs(from_bfloat16(bits) - numbers)).all()
    assert from_bfloat16(to_bfloat16(np.array([1 + 2**-8, 1 + 3 * 2**-8], np.float32))).tolist() == [
        1.0,
        1 + 2**-6,
    ]


def test_bfloat16_that_is_not_finite():
    for matrix in (np.ones((2, 3), np.float32), to_bfloat16(np.full((2, 3), -3e38, np.float32))):
        assert all_finite(matrix)
    for number in (np.nan, np.inf, -np.inf):
        row = np.array([[0, number]], np.float32)
        assert not all_finite(row)
        assert not all_finite((row.view(np.uint32) >> 16).astype(np.uint16))

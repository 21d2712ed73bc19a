import numpy as np
import pytest

from embedkit.container.half_floats import from_half

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

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from embedkit.simd import eight_bytes
from embedkit.simd.compiling import compiled


@compiled(nogil=True)
def leading_number(data, at):
    eight = eight_bytes.load_eight(data, at)
    count = eight_bytes.digit_count(eight)
    return count, eight_bytes.digits_value(eight, count)


@compiled(nogil=True)
def write_digits(number, out, at):
    eight_bytes.store_eight(out, at, eight_bytes.eight_digits(number) | eight_bytes.ZEROS)


@compiled(nogil=True)
def zeros(number):
    return eight_bytes.trailing_zeros(number), eight_bytes.leading_zeros(number)


@given(st.binary(min_size=8, max_size=8) | st.text("0123456789./:", min_size=8, max_size=8).map(str.encode))
@example(b"12345678")
@example(b"00000000")
@example(b"/:\xb0\xff0000")
def test_digits_at_the_beginning(text):
    digits = text[: next((at for at, byte in enumerate(text) if not 48 <= byte <= 57), 8)]
    data = np.frombuffer(b"###" + text, np.uint8)
    assert leading_number(data, 3) == (len(digits), int(digits or b"0"))


@given(st.integers(0, 10**8 - 1), st.integers(0, 7))
@example(99_999_999, 1)
def test_digits_of_a_number(number, at):
    out = np.zeros(16, np.uint8)
    write_digits(np.uint64(number), out, at)
    assert out.tobytes() == b"\0" * at + b"%08d" % number + b"\0" * (8 - at)


def test_bits_at_the_ends():
    assert zeros(np.uint64(0)) == (64, 64)
    assert zeros(np.uint64(40)) == (3, 58)

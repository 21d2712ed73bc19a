import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from embedkit.vectors.formats.format_kernels import NUMBER_BYTES, format_rows
from embedkit.vectors.formats.parse_kernels import parse_number


def parsed(text):
    data = np.frombuffer(text.encode(), np.uint8)
    return parse_number(data, 0, len(data))


def formatted(number):
    return format_rows(b"w\n", np.array([[number]], np.float32)).tobytes().decode()[2:-1]


def ulps_apart(a, b):
    """How many float32 lie between two numbers of the same sign."""
    return abs(int(np.float32(a).view(np.int32)) - int(np.float32(b).view(np.int32)))


digits = st.text("0123456789", max_size=25)
decimals = st.builds(
    lambda sign, whole, rest: sign + whole + (rest and f".{rest}"), st.sampled_from(["", "-"]), digits, digits
).filter(lambda text: text.strip("-"))
exponents = st.sampled_from(["", "e0", "E5", "e-07", "e+12", "e-40"])


@settings(max_examples=500)
@given(decimals, exponents)
@example("0.1", "")
@example("-16777217", "")
@example("0" * 25 + "1", "")
@example("1" + "0" * 25, "e-40")
@example("3.4028235677973366e38", "")
def test_numbers_are_parsed_to_the_last_place(decimal, exponent):
    text = decimal + exponent
    value, correct = parsed(text)
    assert correct
    with np.errstate(over="ignore"):
        assert ulps_apart(value, float(text)) <= 1


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "-.", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "1_0", "--1", "1e5x", "na", "infinite"],
)
def test_what_is_no_number(text):
    assert not parsed(text)[1]


@pytest.mark.parametrize("text", ["nan", "NaN", "-nan", "inf", "-INF", "Infinity"])
def test_numbers_that_are_not_finite(text):
    value, correct = parsed(text)
    assert correct
    assert np.isnan(value)


@settings(max_examples=500)
@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
@example(float(np.finfo(np.float32).max))
@example(float(np.finfo(np.float32).smallest_subnormal))
@example(-1.2345679e-5)
@example(9.9999994e-6)
@example(999999.94)
@example(1e10)
@example(-0.0)
def test_numbers_are_written_to_be_read_again(number):
    text = formatted(number)
    assert len(text) < NUMBER_BYTES
    assert np.float32(text).tobytes() == np.float32(number).tobytes()
    assert np.float32(parsed(text)[0]).tobytes() == np.float32(number).tobytes()


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0.0"),
        (0.1, "0.1"),
        (-1.5, "-1.5"),
        (150, "150.0"),
        (0.00015, "0.00015"),
        (1e-6, "1.0e-06"),
        (2e9, "2.0e+09"),
    ],
)
def test_numbers_are_short(number, text):
    assert formatted(number) == text


def test_a_million_numbers_survive():
    numbers = np.random.default_rng(2).normal(0, 0.3, (1000, 1000)).astype(np.float32)
    text = format_rows(b"w\n" * 1000, numbers).tobytes()
    read = np.array(text.replace(b"w", b"").split(), np.float64).astype(np.float32)
    np.testing.assert_array_equal(read.reshape(1000, 1000), numbers)

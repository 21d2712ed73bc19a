"""The loops in pure Python and the compiled ones: the same rows, words and bad lines, to the last bit."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedkit import Embeddings, FormatError
from embedkit.vectors.formats import format_kernels, parse_kernels, pure_python, row_loops, stream, text_rows

digits, signs = st.text("0123456789", max_size=25), st.sampled_from(["", "-", "+"])
exponents = st.tuples(st.sampled_from("eE"), signs, st.integers(0, 999).map(str)).map("".join)
decimals = st.tuples(signs, digits, st.sampled_from(["", "."]), digits, st.just("") | exponents).map("".join)
numbers = st.one_of(
    st.floats(width=32).map(str),
    st.floats().map(repr),
    decimals,
    st.sampled_from(["nan", "-Inf", "+INFINITY", "1e39", "1e-46", "1e0000000005", "1e999999999"]),
    st.sampled_from(["1_0", "0x1", "1e", ".", "--1", "1.2.3", "\u0661"]),
)
blanks = st.sampled_from([" ", "\t", "  ", " \r ", "\r", "\v", "\f"])
fields = st.one_of(st.text(max_size=4), numbers)
rows = st.lists(st.tuples(fields, blanks).map("".join), max_size=6).map("".join)
oddities = st.text(st.sampled_from("a1.-+eE_ \t\r\v\f\0é"), max_size=12)
texts = st.builds(str.join, st.sampled_from(["\n", "\r\n"]), st.lists(st.one_of(rows, oddities), max_size=6))
sound = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(max_examples=100)
@given(texts, st.integers(1, 3), st.booleans())
@example("a\vb\v 1 2\n c 1\f2 3 4\r\n", 2, True)
@example("a 1 2\rb 3 4\r", 2, True)
@example(" 1 2\n", 2, True)
@example("a b 1 2\n", 2, False)
@example("a 1.000000059604644775390624 9007199254740993e-30\n", 2, False)
@example("a 7.038531e-26 0.000000000070385307\n", 2, False)
@example("a 9.876543210987654 1e23\n", 2, False)
def test_the_same_is_parsed(text, size, spaces):
    data = text.encode(errors="surrogatepass")
    words, matrix, bad = pure_python.parse_rows(data, size, spaces)
    expected = parse_kernels.parse_rows(data, size, spaces)
    assert (words, bad) == (expected[0], expected[2])
    assert matrix.shape == expected[1].shape
    assert matrix.tobytes() == expected[1].tobytes()


@settings(max_examples=100)
@given(arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=sound))
@example(np.array([[0.0, -0.0, 150, 9.9999994e-6, 999999.94, -1e-45, 1e10, 3.4028235e38, 1e-5]], np.float32))
@example((10.0 ** np.arange(-45, 39)).astype(np.float32).reshape(2, -1))
def test_the_same_is_written(matrix):
    words = "".join(f"é{row}\n" for row in range(len(matrix))).encode()
    assert pure_python.format_rows(words, matrix) == format_kernels.format_rows(words, matrix)


@pytest.mark.parametrize("start", [b"1", b"1e0", b"\r"])
def test_odd_fields_take_no_more_than_their_length(start):
    line = b"a " + start + start[-1:] * 1_000_000 + b"x 6\n"
    assert pure_python.parse_rows(line, 2, spaces=False)[2] == 0


@pytest.mark.parametrize(("limit", "few"), [(None, False), (3, True), (5, False)])
def test_which_loops_read_a_file(tmp_path, monkeypatch, limit, few):
    asked = []
    monkeypatch.setattr(text_rows, "PURE_PYTHON_BYTES", 30)
    monkeypatch.setattr(text_rows, "row_loops", lambda few: asked.append(few) or row_loops.row_loops(few))
    monkeypatch.setattr(stream.content, "__defaults__", (9,))
    (tmp_path / "v").write_text("the 1.5 2\nof 3.5 4\nand 5.5 6\nto 7.5 8\n")
    assert len(Embeddings.load(tmp_path / "v", limit=limit)) == (limit if few else 4)
    assert asked == [few]


@pytest.mark.parametrize("few_bytes", [0, 1 << 20])
def test_bad_lines_of_few_rows_and_of_many(tmp_path, monkeypatch, few_bytes):
    monkeypatch.setattr(text_rows, "PURE_PYTHON_BYTES", few_bytes)
    monkeypatch.setattr(stream.content, "__defaults__", (12,))
    path = tmp_path / "v"
    path.write_text("the 1.5 2\nof 3.5 4\nof 3.5\n\nand 5.5 6\nto seven 8\n")
    with pytest.raises(FormatError, match=r"line 3: expected a word and 2 numbers, got 2 fields .*b'of 3.5'"):
        Embeddings.load(path)
    with pytest.warns(UserWarning, match="left out 2 lines that are not a word and 2 numbers: 3, 6"):
        loaded = Embeddings.load(path, skip_bad_rows=True)
    assert loaded.matrix.tolist() == [[1.5, 2], [3.5, 4], [5.5, 6]]


def test_where_nothing_may_be_compiled_pure_python_reads_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(text_rows, "PURE_PYTHON_BYTES", 0)
    monkeypatch.setattr("numba.config.DISABLE_JIT", True)
    with row_loops.row_loops(few=False) as loops:
        assert loops.parse is pure_python.parse_rows
    (tmp_path / "v").write_text("the 1.5 2\nof 3.5 4\n")
    assert Embeddings.load(tmp_path / "v").matrix.tolist() == [[1.5, 2], [3.5, 4]]

"""Text in every encoding as UTF-8, whatever the chunks it comes in."""

import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from embedkit.errors import FormatError, InputError
from embedkit.text.formats.transcoding import utf8_text

ENCODINGS = ["utf-8", "utf-16", "utf-16le", "utf-32-be", "cp037", "gb18030", "utf-7"]
WHOLE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def read(data, encoding, size=3, errors="strict"):
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(utf8_text(iter(chunks), encoding, "a.txt", errors))


@pytest.mark.parametrize("encoding", ENCODINGS)
@given(text=WHOLE, size=st.integers(1, 9))
@example(text="caf\xe9 \U0001f600\n\u4e00", size=1)
def test_text_is_the_same_whatever_the_chunks(encoding, text, size):
    try:
        data = f"a line: {text}\n".encode(encoding)
    except UnicodeEncodeError:
        return
    assert read(data, encoding, size).decode().removeprefix("\ufeff") == f"a line: {text}\n"


@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_a_byte_that_is_not_in_the_encoding_is_named_by_its_offset(size):
    with pytest.raises(FormatError, match=r"a.txt: byte 0x81 at offset 5 is not cp1252; name the encoding"):
        read(b"caf\xe9 \x81 au lait", "cp1252", size)
    with pytest.raises(FormatError, match=r"a.txt: byte 0x00 at offset 4 is not utf-16"):
        read(b"a\0b\0\x00\xdca\0\n\0", "utf-16-le", size)


def test_undecodable_places_become_bytes_that_are_counted_later():
    assert read(b"caf\xe9 \x81\x8d b", "cp1252", errors="replace") == b"caf\xc3\xa9 \xff\xff b"
    assert read(b"a\0\x00\xdcb\0\n\0", "utf-16-le", errors="replace") == b"a\xffb\n"


def test_text_that_ends_within_a_character():
    with pytest.raises(FormatError, match=r"a.txt: byte 0x62 at offset 2 is not utf-16"):
        read(b"a\0b", "utf-16-le", 2)


def test_utf_8_is_not_read_as_utf_16():
    with pytest.raises(FormatError, match=r"a.txt: expected utf-16, got UTF-8; leave the encoding out"):
        read(b"plain text, in lines\n" * 3, "utf-16")


def test_utf_8_that_is_read_as_something_else_is_warned_of():
    with pytest.warns(UserWarning, match=r"a.txt is read as cp1252, and looks like UTF-8; if so, leave"):
        assert read("caf\xe9".encode(), "cp1252").decode() == "caf\xc3\xa9"
    for text in ("caf\xe9".encode("cp1252"), b"plain"):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert read(text, "cp1252").decode() == text.decode("cp1252")


@pytest.mark.parametrize("name", ["latin-99", "rot13", "base64", "", "a\0b"])
def test_unknown_encodings(name):
    with pytest.raises(InputError, match=r"there is no encoding .*; utf-8, cp1252 and utf-16 are usual"):
        read(b"text", name)

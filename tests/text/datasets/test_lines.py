"""Lines of text files in their encodings."""

import pytest

from embedkit.errors import FormatError
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_texts

TABLE = "text,label\nso good,up\nbad,down\n"


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "utf-8-sig", "utf_8_sig"])
def test_a_byte_order_mark_is_no_part_of_the_first_line(write, encoding):
    for content in (TABLE, "\ufeff" + TABLE, '\ufeff"text",label\nso good,up\nbad,down\n'):
        data = read_labeled(write("a.csv", content), encoding=encoding)
        assert data.columns == "texts from column 'text', labels from column 'label'"
    assert list(read_texts(write("a.txt", "\ufeff__label__a so good\n"), encoding=encoding)) == ["so good"]
    write("f/up/1.txt", "\ufeffso good")
    assert read_labeled(write("f/down/1.txt", "bad").parents[1], encoding=encoding).texts == [
        "bad",
        "so good",
    ]


@pytest.mark.parametrize("byte", [b"\x92", b"\xe9"])
def test_the_encoding_that_is_advised_has_the_character(write, byte):
    path = write("a.csv", TABLE.encode().replace(b"good", b"g" + byte + b"d"))
    with pytest.raises(FormatError, match=r"line 2: byte .* is not utf-8; name .*--encoding cp1252"):
        read_labeled(path)
    assert read_labeled(path, encoding="cp1252").texts[0] == f"so g{byte.decode('cp1252')}d"


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt"])
def test_carriage_returns_alone_end_no_lines(write, name):
    with pytest.raises(FormatError, match=rf"{name}: expected lines that end with a newline, .*tr '\\r'"):
        read_labeled(write(name, TABLE.replace("\n", "\r")))


def test_utf_16_is_told(write):
    with pytest.raises(
        FormatError, match=r"a.csv: expected text, got UTF-16 .*; name .*\(--encoding utf-16\)"
    ):
        read_labeled(write("a.csv", TABLE.encode("utf-16")), encoding="latin-1")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16le", "utf-32", "utf-32-be", "cp037", "utf-8"])
def test_every_encoding_can_be_named(write, encoding):
    assert read_labeled(write("a.csv", TABLE.encode(encoding)), encoding=encoding).texts == [
        "so good",
        "bad",
    ]
    assert list(read_texts(write("a.txt", "so good\nbad".encode(encoding)), encoding=encoding)) == [
        "so good",
        "bad",
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt"])
def test_an_endless_line_is_refused(write, monkeypatch, name):
    monkeypatch.setattr("embedkit.text.datasets.lines.LONGEST", 1000)
    content = '{"text": "so good ' if name == "a.jsonl" else "text,label\nso good"
    with pytest.raises(FormatError, match=f"{name}: expected lines of at most 1,000 bytes"):
        list(read_texts(write(name, content + " good" * 50_000)))

"""Tables become a corpus of their texts, a row a document."""

import gzip
import io
import json
import warnings

import pyarrow as pa
import pytest
from pyarrow.parquet import write_table

from embedkit import Corpus, Reading
from embedkit.errors import FormatError, InputError
from embedkit.text.reading.lines import read_lines
from embedkit.text.reading.table_texts import as_lines

TEXTS = ["a fine film", 'two\nlines, and "quotes"', "caf\xe9 au lait", "what a bore"]
LINES = [text.replace("\n", " ") for text in TEXTS]
ROWS = list(enumerate(TEXTS, 1))


def csv(delimiter=","):
    quoted = [(number, '"' + text.replace('"', '""') + '"') for number, text in ROWS]
    rows = "".join(f"{number}{delimiter}{text}\r\n" for number, text in quoted)
    return f"id{delimiter}review\r\n{rows}".encode()


def jsonl(key="review"):
    return "".join(json.dumps({"id": number, key: text}) + "\n" for number, text in ROWS).encode()


def parquet(**columns):
    stream = io.BytesIO()
    write_table(pa.table(columns or {"id": [1, 2, 3, 4], "review": TEXTS}), stream, row_group_size=2)
    return stream.getvalue()


FILES = {
    "a.csv": csv(),
    "a.TSV": csv("\t"),
    "semicolons.csv.gz": gzip.compress(csv(";")),
    "a.jsonl": jsonl(),
    "a.ndjson": jsonl(),
    "a.parquet": parquet(),
    "parquet without a suffix": parquet(),
    "a.parquet.gz": gzip.compress(parquet()),
    "a.csv in UTF-16.csv": csv().decode().encode("utf-16"),
}


def write(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


@pytest.mark.parametrize(("name", "data"), FILES.items(), ids=FILES)
def test_each_row_is_a_document(tmp_path, name, data):
    path = write(tmp_path, name, data)
    reading = Reading(encoding="utf-16" if "UTF-16" in name else "utf-8")
    assert list(read_lines(path, reading=reading)) == LINES
    corpus = Corpus.encode(path, tmp_path / "c", reading=reading)
    assert (corpus.documents, corpus.words) == (4, 13)
    assert corpus.recipe["sources"][0]["text_columns"] == ["review"]
    assert corpus.recipe["sources"][0]["bytes"] == len(data)


@pytest.mark.parametrize("data", [csv(), jsonl(), parquet(), gzip.compress(csv())])
def test_stdin_is_a_table_if_its_column_is_named(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert list(read_lines("-", reading=Reading(text_column="review"))) == LINES


def test_a_corpus_of_a_table_is_that_of_its_texts(tmp_path):
    lines = write(tmp_path, "a.txt", "\n".join(LINES).encode())
    plain, table = (
        Corpus.encode(lines, tmp_path / "c"),
        Corpus.encode(write(tmp_path, "a.csv", csv()), tmp_path / "d"),
    )
    assert plain.fingerprint == table.fingerprint


@pytest.mark.parametrize(
    ("column", "lines"), [("other", ["x", "y"]), (3, ["x", "y"]), ("3", ["x", "y"]), (None, ["a b", "c d"])]
)
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_a_column_is_named_numbered_or_found(tmp_path, name, column, lines):
    columns = {"n": [1, 2], "text": ["a b", "c d"], "other": ["x", "y"]}
    rows = list(zip(*columns.values(), strict=True))
    data = {
        "a.csv": "n,text,other\n" + "".join(f"{n},{text},{other}\n" for n, text, other in rows),
        "a.jsonl": "".join(json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in rows),
        "a.parquet": parquet(**columns),
    }[name]
    path = write(tmp_path, name, data if isinstance(data, bytes) else data.encode())
    assert list(read_lines(path, reading=Reading(text_column=column))) == lines


def test_wrong_columns_list_those_that_there_are(tmp_path):
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        path = write(tmp_path, name, FILES[name])
        with pytest.raises(
            InputError, match=rf"{name}: no column 'text' for the text; there are 'id', 'review'"
        ):
            Corpus.encode(path, tmp_path / "c", reading=Reading(text_column="text"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"id,score\n1,0.5\n2,0.7\n"),
        ("a.csv", b"id,state\n1,NY\n2,TX\n"),
        ("a.jsonl", b'{"id": 1, "score": 0.5}\n{"id": 2, "score": 0.5}\n'),
        ("a.parquet", parquet(id=[1, 2], score=[0.5, 0.7])),
    ],
)
def test_a_table_without_a_column_of_texts_is_refused(tmp_path, name, data):
    with pytest.raises(
        InputError, match=rf"{name}: expected a column of texts, got none .*; there are 'id', 's"
    ):
        Corpus.encode(write(tmp_path, name, data), tmp_path / "c")


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("text\nword\nother\n", ["word", "other"]),
        ("\u6587,\u4e2d\n\u6211\u4eec\u5f88\u597d,1\n\u4ed6\u4eec\u4e5f\u662f,2\n", None),
        ("a line without any comma\nand another\n", ["a line without any comma", "and another"]),
    ],
)
@pytest.mark.filterwarnings("ignore:.*taken for the names of columns")
def test_single_columns_and_single_words_are_texts(tmp_path, data, lines):
    read = list(read_lines(write(tmp_path, "a.csv", data.encode())))
    assert read == lines if lines else "\u6211\u4eec\u5f88\u597d" in read


BROKEN = {
    "a.csv": (
        b"id,text\n1,a fine film\n2,one,two\n3,a dull one\n4,\n5\n",
        [3, 6],
        "expected 2 columns as in the header",
    ),
    "a.jsonl": (
        b'{"text": "a fine film"}\n{"text": 7}\n{"text": "a dull one"}\nno JSON\n{"other": 1}\n',
        [2, 4, 5],
        "expected a JSON object|expected a text in column 'text', got 7",
    ),
    "a.parquet": (
        parquet(text=["a fine film", None, "a dull one", None]),
        [2, 4],
        "expected a text in .*, got None",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_rows_are_counted_and_told(tmp_path, name):
    data, numbers, why = BROKEN[name]
    path = write(tmp_path, name, data)
    named = ", ".join(map(str, numbers))
    place = "row" if name == "a.parquet" else "line"
    told = rf"{name}: {len(numbers)} bad rows were left out, {place}s {named} \(({why})"
    with pytest.warns(UserWarning, match=told):
        assert list(read_lines(path)) == ["a fine film", "a dull one"]
    first = 4 if name == "a.jsonl" else numbers[0]  # what is no JSON is met first, as columns are looked for
    with pytest.raises(FormatError, match=rf"{name}, {place} {first}: .*leave --strict out"):
        list(read_lines(path, reading=Reading(strict=True)))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("b.csv", b""),
        ("b.csv", b"id,text\n"),
        ("b.jsonl", b"\n"),
        ("b.parquet", parquet(text=pa.array([], "str"))),
    ],
)
def test_a_table_without_rows_has_no_texts(tmp_path, name, data):
    write(tmp_path, "a.csv", csv())
    write(tmp_path, name, data)
    assert list(read_lines(tmp_path)) == LINES
    with pytest.raises(InputError, match="there is no word in the text"):
        Corpus.encode(tmp_path / name, tmp_path / "c")


def test_rows_without_columns_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"a.jsonl: expected a column of texts, got rows without columns"):
        list(read_lines(write(tmp_path, "a.jsonl", b"{}\n{}\n")))


def test_a_table_of_broken_rows_alone_is_refused(tmp_path):
    path = write(tmp_path, "a.jsonl", b'{"text": 7, "n": "a b"}\n' * 3)
    with pytest.raises(
        InputError, match=r"a.jsonl: none of 3 rows can be read, lines 1, 2, 3 \(expected a text"
    ):
        Corpus.encode(path, tmp_path / "c", reading=Reading(text_column="text"))


def test_bytes_that_are_not_utf_8(tmp_path):
    western = write(tmp_path, "a.csv", b"text,n\ncaf\xe9,1\nth\xe9,2\n")
    with pytest.raises(FormatError, match=r"a.csv, line 2: byte 0xe9 is not utf-8; name .*--encoding cp1252"):
        list(read_lines(western))
    assert list(read_lines(western, reading=Reading(encoding="cp1252"))) == ["caf\xe9", "th\xe9"]
    with pytest.warns(UserWarning, match="2 undecodable places of the text were replaced"):
        assert list(read_lines(western, encoding_errors="replace")) == ["caf\ufffd", "th\ufffd"]
    text = "\u043f\u0440\u0438\u0432\u0435\u0442"
    damaged = write(tmp_path, "b.csv", f"text,n\n{text},1\nX,2\n{text},3\n".encode().replace(b"X", b"\xe9"))
    with pytest.warns(UserWarning, match=r"b.csv: 1 bad row was left out, line 3 \(byte 0xe9 is not utf-8\)"):
        assert list(read_lines(damaged)) == [text, text]


def test_carriage_returns_alone_end_no_rows(tmp_path):
    with pytest.raises(FormatError, match=r"a.csv: expected lines that end with a newline"):
        list(read_lines(write(tmp_path, "a.csv", b"text,n\rfine,1\rdull,2\r")))


@pytest.mark.parametrize("data", [b"no parquet", b"", parquet()[:-20]])
def test_what_is_called_parquet_and_is_none(tmp_path, data):
    with pytest.raises(FormatError, match=r"a.parquet: expected a parquet file"):
        list(read_lines(write(tmp_path, "a.parquet", data)))


def test_other_columns_of_parquet_are_not_read(tmp_path, monkeypatch):
    from pyarrow.parquet import ParquetFile

    asked = []
    batches = ParquetFile.iter_batches

    def recorded(self, *args, columns=None, **how):
        asked.append(columns)
        return batches(self, *args, columns=columns, **how)

    monkeypatch.setattr(ParquetFile, "iter_batches", recorded)
    assert list(read_lines(write(tmp_path, "a.parquet", parquet(review=TEXTS, id=[1, 2, 3, 4])))) == LINES
    assert asked[-1] == ["review"]
    twice = pa.Table.from_arrays([pa.array([1]), pa.array(["a b"]), pa.array(["c d"])], ["x", "x", "x"])
    stream = io.BytesIO()
    write_table(twice, stream)
    path = write(tmp_path, "b.parquet", stream.getvalue())
    assert list(read_lines(path, reading=Reading(text_column="3"))) == ["c d"]


def test_texts_as_lines():
    assert as_lines(["a\nb", "c"]) == b"a b\nc\n"
    assert as_lines(["", "", "\n"]) == b"\n\n \n"
    assert as_lines([]) == b""
    assert as_lines(["half \ud83d", "caf\udce9"]) == "half \ufffd\ncaf\ufffd\n".encode()
    assert as_lines(["caf\udce9"]) == b"caf\xe9\n"


def test_a_folder_holds_tables_too(tmp_path):
    (tmp_path / "in").mkdir()
    write(tmp_path, "in/a.txt", b"plain text")
    write(tmp_path, "in/b.csv", csv())
    write(tmp_path, "in/c.md", b"not read")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(read_lines(tmp_path / "in")) == ["plain text", *LINES]

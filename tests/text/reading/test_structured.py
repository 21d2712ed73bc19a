"""Tables are read by a column; JSON, markup and vectors do not become a corpus without a word."""

import gzip
import io
import json
import sys
import warnings

import pytest

from embedkit import Corpus, Reading
from embedkit.errors import InputError
from embedkit.text.datasets.unlabeled import read_texts
from embedkit.text.reading.lines import read_lines

JSON = "".join(json.dumps({"text": f"caf\xe9 number {n}", "label": "pos"}) + "\n" for n in range(3))
CSV = "id,text,label\n1,a fine film,pos\n2,a dull one,neg\n"
VECTORS = "3 4\n" + "".join(f"{word} 0.1 -0.2 1e-3 0.4\n".replace("1e-3", "1.0e-3") for word in "abc")
REFUSED = [
    ("t.json", json.dumps([{"text": "a fine film"}], indent=1), "JSON, whose keys", "a .jsonl file"),
    ("t.vec", VECTORS, "vectors, whose numbers", "write its texts to a .txt file"),
    ("t.xml.gz", '<?xml version="1.0"?>\n<page>text</page>\n', "markup, whose tags", "to a .txt file"),
    ("t.html", "<!DOCTYPE html>\n<p>text\n", "markup, whose tags", "rename the file to .txt"),
]
TABLES = [
    ("t.jsonl", JSON),
    ("t.json", JSON),
    ("t.ndjson.gz", JSON),
    ("t.csv", CSV),
    ("t.CSV", CSV.replace(",", ";")),
    ("t.tsv", CSV.replace(",", "\t")),
]


def write(path, text):
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize(("name", "text", "told", "advice"), REFUSED)
def test_name_and_content_together_are_refused(tmp_path, name, text, told, advice):
    path = write(tmp_path / name, text)
    with pytest.raises(InputError, match=rf"{name}: expected text, got {told}.*{advice}"):
        Corpus.encode(path, tmp_path / "c")
    with pytest.raises(InputError, match=advice):
        list(read_lines(path))


@pytest.mark.parametrize(("name", "text"), TABLES)
def test_what_is_called_a_table_is_read_as_one(tmp_path, name, text):
    texts = [f"caf\xe9 number {n}" for n in range(3)] if text is JSON else ["a fine film", "a dull one"]
    assert list(read_lines(write(tmp_path / name, text))) == texts


@pytest.mark.parametrize(
    ("name", "text", "advice"),
    [
        ("t.txt", CSV, r"name the file \.csv or \.tsv"),
        ("t.txt", CSV.replace("text", "Utterance"), r"name the file \.csv or \.tsv"),
        ("t.txt", JSON, r"write an object a line to a \.jsonl file"),
        ("t", CSV, r"name its column of texts \(--text-column\)"),
        ("t", JSON, r"name its column of texts \(--text-column\)"),
    ],
)
def test_the_advice_works(tmp_path, name, text, advice):
    path = write(tmp_path / name, text)
    with pytest.warns(UserWarning, match=rf"{name} looks like .* become words; {advice}"):
        list(read_lines(path))
    followed = path.rename(tmp_path / ("t.jsonl" if text is JSON else "t.csv")) if name == "t.txt" else path
    column = None if name == "t.txt" else "text"
    assert len(list(read_lines(followed, reading=Reading(text_column=column)))) == (3 if text is JSON else 2)


@pytest.mark.parametrize("text", [JSON, CSV, VECTORS, "<html>\n<p>text\n"])
def test_content_alone_is_warned_of(tmp_path, monkeypatch, text):
    with pytest.warns(UserWarning, match=r"t.txt looks like .* become words"):
        assert list(read_lines(write(tmp_path / "t.txt", text))) == text.splitlines()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    with pytest.warns(UserWarning, match=r"stdin looks like"):
        Corpus.encode("-", tmp_path / "c")


def test_lines_to_be_classified_are_warned_of(tmp_path):
    path = write(tmp_path / "t.txt", JSON)
    with pytest.warns(UserWarning, match=r"t.txt looks like JSON"):
        assert list(read_texts(path)) == JSON.splitlines()


PLAIN = [
    ("t.txt", "Some prose, with commas, in lines.\nAnother line\nand one, more.\n"),
    ("t.csv", "no commas at all\nin any line\n"),
    ("t.tsv", "words\n"),
    ("t.txt", "one\ttwo\nthree\tfour\n"),
    ("t.txt", "one, two\nthree, four\n"),
    ("t.txt", '{braces} and "quotes"\n{more}\n'),
    ("t.txt", "page 1 2 3 4 5\npage 2 3 4 5 6\n"),
    ("t.json", "not JSON\n"),
    ("t.html", "plain text about <html>\n"),
    ("t.txt", "<s> a line </s>\n<unk> words\n"),
    ("t.txt", "a\rb, text\rc\n"),
    ("t.txt", ""),
]


@pytest.mark.parametrize(("name", "text"), PLAIN)
def test_plain_text_is_taken_whatever_its_name(tmp_path, name, text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(read_lines(write(tmp_path / name, text))) == text.split("\n")[:-1]


def test_one_document_of_carriage_returns_is_warned_of(tmp_path):
    with pytest.warns(
        UserWarning, match=r"a.txt has carriage returns alone .* one document; convert it, as `tr"
    ):
        assert list(read_lines(write(tmp_path / "a.txt", "one\rtwo\r"))) == ["one\rtwo"]


def test_a_column_without_a_table_is_warned_of(tmp_path):
    path = write(tmp_path / "a.txt", "one\ntwo\n")
    with pytest.warns(UserWarning, match="the column 'text' was named, but no table was read: every line"):
        Corpus.encode(path, tmp_path / "c", reading=Reading(text_column="text"))


def test_every_input_is_looked_at_before_the_first_is_read(tmp_path):
    good, bad = write(tmp_path / "a.txt", "word\n" * 9), write(tmp_path / "b.csv", CSV)
    with pytest.raises(
        InputError, match=r"b\.csv: no column 'review' for the text; there are 'id', 'text', 'l"
    ):
        Corpus.encode([good, bad], tmp_path / "c", reading=Reading(text_column="review"))

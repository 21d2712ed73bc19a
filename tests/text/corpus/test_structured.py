"""Tables, JSON and vectors do not become a corpus without a word."""

import gzip
import io
import json
import sys
import warnings

import pytest

from embedkit import Corpus
from embedkit.errors import InputError
from embedkit.text.corpus.lines import read_lines
from embedkit.text.datasets.unlabelled import read_texts

JSON = "".join(json.dumps({"text": f"caf\xe9 number {n}", "label": "pos"}) + "\n" for n in range(3))
CSV = "id,text,label\n1,a fine film,pos\n2,a dull one,neg\n"
VECTORS = "3 4\n" + "".join(f"{word} 0.1 -0.2 1e-3 0.4\n".replace("1e-3", "1.0e-3") for word in "abc")
STRUCTURED = [
    ("t.jsonl", JSON, "JSON, whose keys"),
    ("t.json", json.dumps([{"text": "a fine film"}], indent=1), "JSON, whose keys"),
    ("t.ndjson.gz", JSON, "JSON, whose keys"),
    ("t.csv", CSV, "a table, whose header, labels"),
    ("t.CSV", CSV.replace(",", ";"), "a table, whose header, labels"),
    ("t.tsv", "fine film\tpos\ndull film\tneg\n", "a table, whose header, labels"),
    ("t.vec", VECTORS, "vectors, whose numbers"),
    ("t.xml.gz", '<?xml version="1.0"?>\n<page>text</page>\n', "markup, whose tags"),
    ("t.html", "<!DOCTYPE html>\n<p>text\n", "markup, whose tags"),
]


def write(path, text):
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize(("name", "text", "told"), STRUCTURED)
def test_name_and_content_together_are_refused(tmp_path, name, text, told):
    path = write(tmp_path / name, text)
    with pytest.raises(InputError, match=rf"{name}: expected text, got {told}"):
        Corpus.encode(path, tmp_path / "c")
    with pytest.raises(InputError, match=r"write its texts to a .txt file"):
        list(read_lines(path))


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
    ("t.csv", "Some prose, with commas, in lines.\nAnother line\nand one, more.\n"),
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


def test_every_input_is_looked_at_before_the_first_is_read(tmp_path):
    good, bad = write(tmp_path / "a.txt", "word\n" * 9), write(tmp_path / "b.csv", CSV)
    with pytest.raises(InputError, match=r"b\.csv: expected text, got a table"):
        Corpus.encode([good, bad], tmp_path / "c")

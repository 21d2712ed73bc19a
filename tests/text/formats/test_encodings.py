"""Advice about text that is not UTF-8: followed, it makes the letters right."""

import re

import pytest

from embedkit import Corpus, Reading, read_labeled
from embedkit.errors import InputError

WESTERN = "it didn\u2019t work in the caf\xe9"
RUSSIAN = "\u043f\u0440\u0438\u0432\u0435\u0442, \u043c\u0438\u0440"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_following_the_advice_gives_the_text(tmp_path, encoding):
    path, text = tmp_path / "a.csv", WESTERN if encoding == "cp1252" else WESTERN.replace("\u2019", "'")
    path.write_bytes(f"text,label\n{text},neg\nit did,pos\n".encode(encoding))
    with pytest.raises(InputError, match=r"a.csv, line 2: byte .* is not utf-8") as error:
        read_labeled(path)
    named = re.search(r"--encoding ([\w-]+)", str(error.value))[1]
    assert read_labeled(path, encoding=named).texts == [text, "it did"]
    path.write_bytes(text.encode(encoding))
    with pytest.raises(InputError, match=r"is not UTF-8; name .*\(--encoding cp1252, if it is Western"):
        Corpus.encode(_renamed(path), tmp_path / "c")
    corpus = Corpus.encode(path.with_suffix(".txt"), tmp_path / "c", reading=Reading(encoding="cp1252"))
    assert "caf\u00e9" in corpus.vocabulary.words


def test_other_scripts_are_not_taken_for_western_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(f"text,label\n{RUSSIAN},a\nfine,b\n".encode("cp1251"))
    with pytest.raises(InputError, match=r"--encoding NAME\), such as cp1251 of Russian"):
        read_labeled(path)
    with pytest.raises(InputError, match=r"is not UTF-8; name .*--encoding NAME\), such as cp1251"):
        Corpus.encode(_renamed(path), tmp_path / "c")


def test_a_damaged_place_is_not_another_encoding(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(f"text,label\n{RUSSIAN},a\nfine \0,b\n".encode().replace(b"\0", b"\xe9"))
    with pytest.raises(InputError, match=r"line 3: byte 0xe9 is not utf-8; most of the file is"):
        read_labeled(path)
    with pytest.raises(InputError, match=r"most of the file is, .*--encoding-errors replace"):
        Corpus.encode(_renamed(path), tmp_path / "c")


def test_utf_8_read_as_something_narrower(tmp_path):
    (tmp_path / "a.csv").write_text(f"text,label\n{RUSSIAN},a\nfine,b\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"is not ascii; name the encoding .*--encoding utf-8"):
        read_labeled(tmp_path / "a.csv", encoding="ascii")


def test_a_byte_order_mark_may_be_named(tmp_path):
    (tmp_path / "a.csv").write_text("text,label\ngood,a\nbad,b\n", encoding="utf-8-sig")
    for name in ("utf-8-sig", "utf-8"):
        assert read_labeled(tmp_path / "a.csv", encoding=name, text_column="text").texts == ["good", "bad"]


def _renamed(path):
    return path.rename(path.with_suffix(".txt"))

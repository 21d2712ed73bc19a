"""Files of pairs."""

import gzip

import pytest

from embedkit import FormatError, InputError, read_pairs


def test_tabs_part_the_source_from_its_references(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("one\tun\tune\r\n\ntwo \tdeux\t\n\tnull\nx\t\n")
    pairs = read_pairs(path)
    assert pairs.sources == ["one", "two ", "", "x"]
    assert pairs.references == [("un", "une"), ("deux",), ("null",), ("",)]
    assert pairs.targets == ["un", "deux", "null", ""]
    assert pairs.describe() == {"file": str(path), "pairs": 4}


def test_two_files_belong_together_line_by_line(tmp_path):
    (tmp_path / "a.txt").write_text("one\n\ntwo\tthree\n")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"un\n\ndeux\n"))
    pairs = read_pairs(tmp_path / "a.txt", tmp_path / "b.txt.gz")
    assert (pairs.sources, pairs.targets) == (["one", "two\tthree"], ["un", "deux"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\tb\nc\n", "line 2: expected a source and a target with a tab between them, got 'c'"),
        ("", "expected pairs of texts, got none"),
        ("\n \n", "expected pairs of texts, got none"),
    ],
)
def test_lines_that_are_no_pairs(tmp_path, content, message):
    (tmp_path / "a.tsv").write_text(content)
    with pytest.raises(InputError, match=message):
        read_pairs(tmp_path / "a.tsv")


def test_files_that_do_not_fit(tmp_path):
    (tmp_path / "a.txt").write_text("a\nb\n")
    (tmp_path / "b.txt").write_text("a\n")
    with pytest.raises(InputError, match=r"expected as many lines as in .*a\.txt, 2, got 1 in .*b\.txt"):
        read_pairs(tmp_path / "a.txt", tmp_path / "b.txt")
    with pytest.raises(InputError, match="there is no such file"):
        read_pairs(tmp_path / "c.txt")


def test_other_encodings_are_named(tmp_path):
    (tmp_path / "a.tsv").write_bytes("caf\u00e9\tcoffee\n".encode("cp1252"))
    with pytest.raises(FormatError, match="line 1: byte 0xe9 is not utf-8"):
        read_pairs(tmp_path / "a.tsv")
    assert read_pairs(tmp_path / "a.tsv", encoding="cp1252").sources == ["caf\u00e9"]

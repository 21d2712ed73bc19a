import zipfile

import pytest

from embedkit import Reading, Texts
from embedkit.text.reading import blocks
from embedkit.text.reading.source_lines import SourceLine, source_lines


def test_lines_are_numbered_in_each_file(tmp_path):
    (tmp_path / "a.txt").write_text("one\n\n  \nfour", encoding="utf-8")
    (tmp_path / "b.txt").write_text("\ufeffone\r\ntwo\r\n", encoding="utf-8")
    (tmp_path / "c.txt").write_text("", encoding="utf-8")
    (tmp_path / "d.txt").write_text("\nlast\n", encoding="utf-8")
    a, b, c, d = (str(tmp_path / f"{name}.txt") for name in "abcd")
    assert list(source_lines([a, b, c, d])) == [
        (a, 1, "one"),
        (a, 4, "four"),
        (b, 1, "one"),
        (b, 2, "two"),
        (d, 2, "last"),
    ]


def test_rows_of_tables_are_numbered(tmp_path):
    table = tmp_path / "t.csv"
    table.write_text('id,review\n1,"A fine\nfilm."\n2,A dull one.\n', encoding="utf-8")
    lines = list(source_lines([table], Reading(text_column="review")))
    assert lines == [(str(table), 1, "A fine film."), (str(table), 2, "A dull one.")]


def test_members_of_archives_are_sources(tmp_path):
    with zipfile.ZipFile(tmp_path / "texts.zip", "w") as archive:
        archive.writestr("a.txt", "one\ntwo\n")
        archive.writestr("b.txt", "three\n")
    lines = list(source_lines([tmp_path / "texts.zip"]))
    assert [(line.number, line.text) for line in lines] == [(1, "one"), (2, "two"), (1, "three")]
    assert [line.source.endswith(name) for line, name in zip(lines, ["a.txt", "a.txt", "b.txt"], strict=True)]


def test_sentences_stand_at_their_line():
    lines = source_lines(Texts(["One is here. Two is, too.", "Three."]), Reading(documents="sentences"))
    assert [(line.number, line.text) for line in lines] == [
        (1, "One is here."),
        (1, "Two is, too."),
        (2, "Three."),
    ]


@pytest.mark.parametrize("size", [1, 7, 30])
def test_blocks_do_not_matter(tmp_path, monkeypatch, size):
    texts = ["a long line of some words", "", "short", "another line of words", "x"]
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("\n".join(texts), encoding="utf-8")
    sources = [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]
    expected = [
        SourceLine(source, number, text) for source in sources for number, text in enumerate(texts, 1) if text
    ]
    whole = blocks.read_blocks
    monkeypatch.setattr(
        "embedkit.text.reading.source_lines.read_blocks",
        lambda sources, reader: whole(sources, block_bytes=size, reader=reader),
    )
    assert list(source_lines(sources)) == expected

"""Tables fit the window: texts are folded, numbers are not, and narrow windows get a line a column."""

import sys

import pytest
from rich.cells import cell_len

from embedkit_cli.shared.tables import Column, Table, table_as, text_table

COLUMNS = [Column("name"), Column("score", True), Column("what it is made of")]
ROWS = [
    ("wiki", "0.1234", "all articles of the encyclopedia, and some of their pages of discussion"),
    (
        "日本語のとても長い名前の単語ベクトル",
        "1,234,567.8901",
        "🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕🍕",
    ),
    ("x", "-1", ""),
]
TABLE = Table(COLUMNS, ROWS)


@pytest.fixture
def shown(monkeypatch):
    """The lines of a table in a terminal of so many columns, without colors."""

    def shown(columns, table=TABLE):
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        return text_table(table).splitlines()

    return shown


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_window(shown, columns):
    lines = shown(columns)
    assert max(map(cell_len, lines)) <= columns
    text = "".join("".join(lines).split())
    for row in ROWS:
        assert row[1] in text
    assert text.count("🍕") == 25
    assert sorted(set("日本語のとても長い名前の単語ベクトル") - set(text)) == []


def test_a_wide_window_has_a_line_a_row(shown):
    assert len(shown(200)) == 1 + len(ROWS)


def test_a_narrow_one_has_a_line_a_column(shown):
    columns = [Column("a"), Column("number", True), Column("other", True)]
    lines = shown(28, Table(columns, [("x", "1" * 12, "2" * 12)]))
    assert lines == ["a       x", "number  111111111111", "other   222222222222"]


def test_output_that_is_no_terminal_is_not_folded(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    lines = text_table(TABLE).splitlines()
    assert len(lines) == 1 + len(ROWS)
    assert ROWS[0][2] in lines[1]


def test_no_rows_and_no_columns(shown):
    assert shown(40, Table([Column("a")], [])) == ["a"]
    assert shown(40, Table([], [])) == []


def test_styles_of_a_table():
    table = Table([Column("a"), Column("b", True)], [("x", "1")])
    assert table_as("json", table, "rows") == '{"rows": [{"a": "x", "b": "1"}]}'
    assert table_as("tsv", table, "rows") == "a\tb\nx\t1"
    assert table_as("markdown", table, "rows") == "| a | b |\n| --- | ---: |\n| x | 1 |"
    assert table_as("text", table, "rows") == "a  b\nx  1"

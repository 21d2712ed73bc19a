"""Tables as text, TSV and Markdown."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from shutil import get_terminal_size
from typing import Literal, NamedTuple

from embedkit_cli.shared.text import DIGITS, json_line, plain

NARROWEST = 80  # columns; a narrower terminal breaks lines itself
UNLIMITED = 10_000  # columns of output that is no terminal: nothing is folded there

Cell = str | int | float | None


class Column(NamedTuple):
    """A heading, and whether what stands below it is of numbers, which are aligned on the right."""

    name: str
    number: bool = False


class Table(NamedTuple):
    """Rows of finished text under columns."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


def text_table(table: Table) -> str:
    """Aligned columns; in a terminal, names too long for it are folded, and headings are bold."""
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    grid = RichTable(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, number in table.columns:
        justify: Literal["right", "left"] = "right" if number else "left"
        grid.add_column(Text(plain(name)), justify=justify, overflow="fold", header_style="bold")
    for row in table.rows:
        grid.add_row(*(Text(plain(cell)) for cell in row))
    width = max(NARROWEST, get_terminal_size().columns) if sys.stdout.isatty() else UNLIMITED
    console = Console(width=width)
    with console.capture() as captured:
        console.print(grid)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def markdown_table(table: Table) -> str:
    """A table of GitHub's Markdown; a | in a cell is escaped."""
    names, numbers = zip(*table.columns, strict=True)
    rules = ["---:" if number else "---" for number in numbers]
    return "\n".join(
        "| " + " | ".join(plain(cell).replace("|", "\\|") for cell in row) + " |"
        for row in (names, rules, *table.rows)
    )


def table_as(style: str, table: Table, name: str) -> str:
    """A table in a style of --format; JSON is an object that has the rows, as objects, by a name."""
    if style == "json":
        columns = [column for column, _ in table.columns]
        return json_line({name: [dict(zip(columns, row, strict=True)) for row in table.rows]})
    if style == "markdown":
        return markdown_table(table)
    if style == "tsv":
        return "\n".join(tsv_lines([column for column, _ in table.columns], table.rows))
    return text_table(table)


def tsv_lines(names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """A line of names, then a line a row; what is None is empty."""
    yield "\t".join(names)
    for row in rows:
        yield "\t".join(map(_tsv_cell, row))


def _tsv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.{DIGITS}g}" if isinstance(cell, float) else plain(str(cell))

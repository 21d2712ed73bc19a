"""Tables as text, TSV and Markdown."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Literal, NamedTuple

from embedkit_cli.shared.text import DIGITS, cells, json_line, plain

if TYPE_CHECKING:
    from rich.table import Table as RichTable

NARROWEST = 20  # columns; a narrower terminal breaks lines itself
FOLDED = 12  # columns down to which text is folded where a table is wider than the window
BETWEEN = 2  # blanks between columns
LINES = 25  # of a terminal; nothing depends on it
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
    """Aligned columns; in a terminal, headings are bold, and nothing is wider than the window.

    There long texts are folded and, where even that is too wide, a row becomes a line a column.
    """
    table = Table(
        [Column(plain(name), number) for name, number in table.columns],
        [[plain(cell) for cell in row] for row in table.rows],
    )
    window = max(NARROWEST, get_terminal_size().columns) if sys.stdout.isatty() else UNLIMITED
    widths = [
        max(map(cells, column)) for column in zip([n for n, _ in table.columns], *table.rows, strict=True)
    ]
    narrowest = [
        width if number else min(FOLDED, width)
        for width, (_, number) in zip(widths, table.columns, strict=True)
    ]
    fits = sum(narrowest) + BETWEEN * (len(narrowest) - 1) <= window
    return (_grid(table, narrowest, window) if fits else _records(table, window)) if widths else ""


def _grid(table: Table, narrowest: Sequence[int], window: int) -> str:
    """A line a row, in which numbers are whole and texts are folded if they must be."""
    from rich.table import Table as RichTable
    from rich.text import Text

    grid = RichTable(box=None, pad_edge=False, padding=(0, BETWEEN, 0, 0))
    for (name, number), least in zip(table.columns, narrowest, strict=True):
        justify: Literal["right", "left"] = "right" if number else "left"
        grid.add_column(
            Text(name), justify=justify, overflow="fold", header_style="bold", no_wrap=number, min_width=least
        )
    for row in table.rows:
        grid.add_row(*map(Text, row))
    return _printed(grid, window)


def _records(table: Table, window: int) -> str:
    """A line a cell with its column before it, folded below itself, and a blank line between rows."""
    from rich.table import Table as RichTable
    from rich.text import Text

    blocks = []
    for row in table.rows:
        grid = RichTable(box=None, pad_edge=False, padding=(0, BETWEEN, 0, 0), show_header=False)
        grid.add_column(style="bold", overflow="fold", max_width=window // 2)
        grid.add_column(overflow="fold")
        for (name, _), cell in zip(table.columns, row, strict=True):
            if cell:
                grid.add_row(Text(name), Text(cell))
        blocks.append(_printed(grid, window))
    return "\n\n".join(blocks)


def _printed(grid: RichTable, window: int) -> str:
    from rich.console import Console

    console = Console(width=window, height=LINES)  # without a height dumb terminals get 80 columns
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

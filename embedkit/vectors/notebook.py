"""HTML of vectors for notebooks: a table of the first words, and the provenance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from embedkit.arrays import Floats2d

ROWS = 5  # words shown
COLUMNS = 8  # dimensions shown
MAX_CHARACTERS = 80  # characters of a word or of a value of the metadata


def html_table(words: Sequence[str], matrix: Floats2d, metadata: Mapping[str, object]) -> str:
    """The first words and dimensions, rounded, with the sizes of all and the metadata below; all escaped.

    `matrix` is (V, D); nothing but the rows shown is read.
    """
    size = matrix.shape[1]
    more = ["…"] if size > COLUMNS else []
    rows = [["", *map(str, range(min(size, COLUMNS))), *more]]
    rows += [
        [word, *(f"{number:.3f}" for number in row[:COLUMNS].tolist()), *more]
        for word, row in zip(words[:ROWS], matrix[:ROWS], strict=True)
    ]
    if len(words) > ROWS:
        rows.append(["…"] * len(rows[0]))
    facts = "".join(f"<li>{_cell(name)}: {_cell(value)}</li>" for name, value in metadata.items())
    caption = f"{len(words):,} words, {size} dimensions"
    return f"<table><caption>{caption}</caption>{''.join(_lines(rows))}</table><ul>{facts}</ul>"


def _lines(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in rows:
        head, *cells = map(_cell, row)
        kind = "th" if row is rows[0] else "td"
        yield f"<tr><th>{head}</th>{''.join(f'<{kind}>{cell}</{kind}>' for cell in cells)}</tr>"


def _cell(value: object) -> str:
    text = str(value)
    return escape(text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…")

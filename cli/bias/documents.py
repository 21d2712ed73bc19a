"""Documents of tables and prose, rendered as text for a terminal or as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import NamedTuple

from embedkit_cli.shared.tables import Table, markdown_table, text_table
from embedkit_cli.shared.text import plain

WIDTH = 96  # columns of prose
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class Heading(NamedTuple):
    """The heading of a section."""

    text: str


class Lead(NamedTuple):
    """The lines at the top: what was measured, and how."""

    lines: Sequence[str]


class Notes(NamedTuple):
    """Names with a sentence each."""

    sentences: Mapping[str, str]


DocumentPart = str | Table | Heading | Lead | Notes


def rendered(parts: Sequence[DocumentPart], style: str) -> str:
    """The parts with an empty line between them, as "text" or "markdown"; notes without a sentence vanish."""
    render = _markdown if style == "markdown" else _text
    return "\n\n".join(filter(None, map(render, parts)))


def _text(part: DocumentPart) -> str:
    match part:
        case Table():
            return text_table(part)
        case Heading():
            return part.text
        case Lead():
            return "\n".join(map(_wrapped, part.lines))
        case Notes():
            notes = (f"{plain(name)}: {plain(text)}" for name, text in part.sentences.items())
            return "\n".join(_wrapped(note, "    ") for note in notes)
    return _wrapped(part)


def _markdown(part: DocumentPart) -> str:
    match part:
        case Table():
            return markdown_table(part)
        case Heading():
            return f"## {part.text}"
        case Lead():
            return "\n".join(f"- {line}" for line in part.lines)
        case Notes():
            return "\n".join(f"- **{plain(name)}**: {plain(text)}" for name, text in part.sentences.items())
    return part


def _wrapped(text: str, indent: str = "") -> str:
    """Prose in lines, none of which begins with a percent sign."""
    together = text.replace(" %", f"{NO_BREAK_SPACE}%")
    lines = fill(together, WIDTH, subsequent_indent=indent, break_on_hyphens=False)
    return lines.replace(NO_BREAK_SPACE, " ")

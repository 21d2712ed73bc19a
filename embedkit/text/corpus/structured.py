"""Structured text where plain text is expected: tables, JSON, markup and vectors, told by name and content.

A corpus made of them would have header, labels, keys and numbers for words. A file whose name and content say
so is refused; if only the content does, a warning says so, as text of every form may be meant as it is.
"""

from __future__ import annotations

import csv
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from embedkit.errors import InputError
from embedkit.text.compression import SUFFIXES
from embedkit.text.sources import Source

HEAD = 1 << 14  # bytes of content by which its form is told
ROWS = 50  # lines of a table looked at
REGULAR = 0.9  # share of rows that are as wide as most, in a table
DELIMITERS = ("\t", ",", ";", "|")
TEXT_COLUMNS = {
    "text",
    "texts",
    "sentence",
    "review",
    "content",
    "comment",
    "tweet",
    "message",
    "title",
    "body",
}
ADVICE = "write its texts to a .txt file, a text a line"

_JSON = re.compile(rb'\s*(?:\[\s*)*\{\s*"(?:[^"\\\n]|\\.)*"\s*:')
_VECTOR = re.compile(rb"\S+([ \t]+-?\d+\.\d+(e-?\d+)?){4,}\s*", re.IGNORECASE)
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!doctype html|html|mediawiki)\b", re.IGNORECASE)
_SIZES = re.compile(rb"\d+ \d+\s*")  # the first line of word2vec's formats


class Form(NamedTuple):
    """A form of text: what it is, which suffixes say so, what becomes of it, and how its content is told.

    `looks` is given the first lines, and whether the name has one of the suffixes.
    """

    name: str
    suffixes: tuple[str, ...]
    words: str
    looks: Callable[[Sequence[bytes], bool], bool]


def _is_json(lines: Sequence[bytes], named: bool) -> bool:
    """Whether all lines begin as objects do, or, of a file that is called so, the first."""
    return bool(_JSON.match(b"\n".join(lines))) and (named or all(map(_JSON.match, lines)))


def _is_table(lines: Sequence[bytes], named: bool) -> bool:
    """Whether lines are rows of one width; a table that is not called so has a header with a usual name."""
    text = b"\n".join(lines[:ROWS]).decode(errors="replace").removeprefix("\ufeff").split("\n")
    return any(_has_columns(text, delimiter, named) for delimiter in DELIMITERS)


def _has_columns(lines: Sequence[str], delimiter: str, named: bool) -> bool:
    """Whether a delimiter makes a table of lines: ["text,label", "a fine film,good"] is one of commas."""
    try:
        rows = list(filter(None, csv.reader(lines, delimiter=delimiter)))
    except csv.Error:
        return False
    width, same = Counter(map(len, rows)).most_common(1)[0] if rows else (1, 0)
    if width < 2 or same < REGULAR * len(rows):
        return False
    header = [cell.strip().lower() for cell in rows[0]]
    if len(header) == width and TEXT_COLUMNS.intersection(header):
        return True
    return named and len(rows) >= 2


def _is_vectors(lines: Sequence[bytes], named: bool) -> bool:
    """Whether all lines but a header are a word and numbers."""
    rows = lines[1:] if lines and _SIZES.fullmatch(lines[0]) else lines
    return len(rows) >= 2 - named and all(map(_VECTOR.fullmatch, rows))


def _is_markup(lines: Sequence[bytes], named: bool) -> bool:
    """Whether the first line begins a document of XML or HTML."""
    return bool(lines and _MARKUP.match(lines[0]))


FORMS = (
    Form("markup", (".xml", ".html", ".htm", ".xhtml"), "tags and attributes", _is_markup),
    Form("JSON", (".jsonl", ".ndjson", ".json"), "keys and escapes", _is_json),
    Form("vectors", (".vec",), "numbers", _is_vectors),
    Form("a table", (".csv", ".tsv"), "header, labels and other cells", _is_table),
)


def check_sources(sources: Iterable[Source]) -> None:
    """Raise, before any of them is read on, for files that are no text, or no plain one."""
    for source in sources:
        if source.path and source.size is not None:
            _checked(Source(source.path))


def plain_text(source: Source) -> Iterator[bytes]:
    """The content of a source in chunks; a warning if only its content says that it is no plain text.

    Raises:
        InputError: name and content say so.
    """
    form, chunks = _checked(source)
    _warn(form, source.name)
    return chunks


def warn_of_form(path: Path) -> None:
    """Warn of a .txt file of lines of text that looks like something else; it is read as it is."""
    form, _ = _checked(Source(path))
    _warn(form, str(path))


def _warn(form: Form | None, name: str) -> None:
    if form:
        told = f"{name} looks like {form.name}, whose {form.words} become words; {ADVICE}"
        warnings.warn(told, UserWarning, stacklevel=3)


def _checked(source: Source) -> tuple[Form | None, Iterator[bytes]]:
    """The form that the content has, and the content; raises if the name says the same."""
    chunks = source.text()
    head: list[bytes] = []
    while sum(map(len, head)) < HEAD and (chunk := next(chunks, None)) is not None:
        head.append(chunk)
    lines = _first_lines(b"".join(head))
    suffix = _suffix(source.path)
    form = next((form for form in FORMS if form.looks(lines, suffix in form.suffixes)), None)
    if form and suffix in form.suffixes:
        raise InputError(
            f"{source.name}: expected text, got {form.name}, whose {form.words} would become words; {ADVICE} "
            "(if every line is meant as it is, rename the file to .txt)"
        )
    return form, chain(head, chunks)


def _first_lines(head: bytes) -> list[bytes]:
    """The lines that end in the first bytes, without blank ones; if none does, what there is of the first."""
    lines = head[:HEAD].split(b"\n")
    whole = lines[:-1] if len(head) >= HEAD and len(lines) > 1 else lines
    return [line for line in whole if line.strip()]


def _suffix(path: Path | None) -> str:
    """The suffix in lower case, without that of compression: ".csv" of "a.CSV.gz"."""
    name = path.name.lower() if path else ""
    packed = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return Path(name.removesuffix(packed)).suffix

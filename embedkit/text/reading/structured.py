"""Structured text, told by name and content: tables, which are read by a column, and what is refused.

A corpus made of it as it is would have header, labels, keys, tags and numbers for words. What its name calls
a table is read as one; markup, vectors and JSON that is no table are refused if name and content say so. If
only the content does, a warning says so, as text of every form may be meant as it is.
"""

from __future__ import annotations

import csv
import re
import warnings
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from embedkit.errors import InputError
from embedkit.text.datasets.headers import TEXT_NAMES
from embedkit.text.datasets.tables import LINE_FORMATS, suffix_of
from embedkit.text.formats.compression import first_bytes
from embedkit.text.formats.sources import Source
from embedkit.text.formats.transcoding import utf8_text

HEAD = 1 << 14  # bytes of content by which its form is told
ROWS = 50  # lines of a table looked at
REGULAR = 0.9  # share of rows that are as wide as most, in a table
DELIMITERS = ("\t", ",", ";", "|")
EXTRACT = "write its texts to a .txt file, a text a line"

_JSON_LINE = re.compile(rb"\s*\{.*\}\s*")
_JSON = re.compile(rb'\s*(?:\[\s*)*\{\s*"(?:[^"\\\n]|\\.)*"\s*:')
_VECTOR = re.compile(rb"\S+([ \t]+-?\d+\.\d+(e-?\d+)?){4,}\s*", re.IGNORECASE)
_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!doctype html|html|mediawiki)\b", re.IGNORECASE)
_SIZES = re.compile(rb"\d+ \d+\s*")  # the first line of word2vec's formats


class Form(NamedTuple):
    """A form of text: what it is, which suffixes say so, what becomes of it, how it is told, and what to do.

    `looks` is given the first lines, and whether the name has one of the suffixes.
    """

    name: str
    suffixes: tuple[str, ...]
    words: str
    looks: Callable[[Sequence[bytes], bool], bool]
    advice: str


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
    if len(header) == width and not {*TEXT_NAMES}.isdisjoint(header):
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
    Form("markup", (".xml", ".html", ".htm", ".xhtml"), "tags and attributes", _is_markup, EXTRACT),
    Form("JSON", (".json",), "keys and escapes", _is_json, "write an object a line to a .jsonl file"),
    Form("vectors", (".vec",), "numbers", _is_vectors, EXTRACT),
    Form("a table", (), "header, labels and other cells", _is_table, "name the file .csv or .tsv"),
)


def table_kind(named: PurePath | None, head: bytes, column_named: bool) -> str | None:
    """The suffix of the kind of table that a file in UTF-8 is, which begins with `head`; None of text.

    Its name decides, if it has a suffix; else it is a table if somebody named its column of texts. Objects in
    lines are JSON lines if the file is called .json.
    """
    kind = suffix_of(named) if named else ""
    lines = _first_lines(head)
    if kind in LINE_FORMATS:
        return kind
    if kind == ".json" and lines and all(map(_JSON_LINE.match, lines)):
        return ".jsonl"
    if column_named and not kind:
        return ".jsonl" if _is_json(lines, named=True) else ".csv"
    return None


def check_form(name: str, named: PurePath | None, head: bytes) -> None:
    """Warn if content that begins with `head` looks like something else than lines of plain text.

    Raises:
        InputError: its name says so, too.
    """
    if b"\n" not in head and b"\r" in head.rstrip(b"\r"):
        told = "has carriage returns alone for line ends, and so is one document"
        warnings.warn(rf"{name} {told}; convert it, as `tr '\r' '\n'` does", UserWarning, stacklevel=3)
    lines = _first_lines(head)
    suffix = suffix_of(named) if named else ""
    form = next((form for form in FORMS if form.looks(lines, suffix in form.suffixes)), None)
    if form is None:
        return
    told = f"{form.name}, whose {form.words}"
    if suffix in form.suffixes:
        raise InputError(
            f"{name}: expected text, got {told} would become words; {form.advice} (if every line is meant as "
            "it is, rename the file to .txt)"
        )
    advice = form.advice
    if not suffix and form.name in ("JSON", "a table"):
        advice = "name its column of texts (--text-column)"
    warnings.warn(f"{name} looks like {told} become words; {advice}", UserWarning, stacklevel=3)


def warn_of_form(path: Path, encoding: str) -> None:
    """Warn of a .txt file of lines of text that looks like something else; it is read as it is."""
    head, _ = first_bytes(utf8_text(Source(path).content(), encoding, str(path)), HEAD)
    check_form(str(path), path, head)


def _first_lines(head: bytes) -> list[bytes]:
    """The lines that end in the first bytes, without blank ones; if none does, what there is of the first."""
    lines = head[:HEAD].removeprefix(BOM_UTF8).split(b"\n")
    whole = lines[:-1] if len(head) >= HEAD and len(lines) > 1 else lines
    return [line for line in whole if line.strip()]

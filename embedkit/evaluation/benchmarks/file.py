"""Benchmark files as numbered lines and sections, and the parsing of lines into items.

UTF-8, plain or compressed. A line that begins with "#" is a comment. A line that is no item is never passed
over: readers name every such line's number in one error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from embedkit.errors import FormatError, InputError
from embedkit.files import LONGEST, check_regular
from embedkit.text.formats.compression import SUFFIXES
from embedkit.text.formats.encodings import BYTE_ORDER_MARK, conversion_advice
from embedkit.text.formats.sources import Source

SHOWN = 5  # malformed lines an error quotes
RESERVED = ("total", "semantic", "syntactic")  # parts of results that sum up others
SAMPLE = 20  # lines by which the kind of a file is detected
NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,2})?")

Item = TypeVar("Item")


class Line(NamedTuple):
    """The text of a line, without white space around it, and its number in the file, from 1."""

    number: int
    text: str


@dataclass(frozen=True)
class BenchmarkFile:
    """All lines of a file but its comments; empty ones stay, since some kinds mean something by them."""

    path: Path
    name: str
    lines: tuple[Line, ...]

    @property
    def filled(self) -> list[Line]:
        """The lines with something on them."""
        return _filled(self.lines)


def read_file(path: Path, name: str | None = None) -> BenchmarkFile:
    """Read a file; `name` is that of the benchmark, by default the file's: "men" of data/men.txt.gz.

    Raises:
        InputError: it cannot be read.
        FormatError: it is no UTF-8 text, or too long for a benchmark.
    """
    check_regular(path)
    data = bytearray()
    for chunk in Source(path).text():
        data += chunk
        if len(data) > LONGEST:
            raise FormatError(f"{path}: expected a benchmark of at most {LONGEST:,} bytes, got a longer file")
    try:
        text = data.decode().removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        number = data[: error.start].count(b"\n") + 1
        raise FormatError(
            f"{path}, line {number}: not UTF-8 text; {conversion_advice(bytes(data))}"
        ) from None
    lines = (Line(number, line.strip()) for number, line in enumerate(text.split("\n"), 1))
    kept = tuple(line for line in lines if not line.text.startswith("#"))
    return BenchmarkFile(path, name or _stem(path), kept)


def _stem(path: Path) -> str:
    """The name without folder and endings."""
    name = path.name
    for suffix in SUFFIXES:
        name = name.removesuffix(suffix)
    return Path(name).stem


def items(
    path: Path, lines: Sequence[Line], parse: Callable[[str], Item | None], expected: str
) -> list[Item]:
    """What `parse` makes of each line; `FormatError` names those of which it makes None.

    `expected` says in the error what a line should be, such as "four words".
    """
    parsed = [parse(line.text) for line in lines]
    bad = [line for line, item in zip(lines, parsed, strict=True) if item is None]
    if bad:
        quoted = ", ".join(f"line {line.number} {line.text[:40]!r}" for line in bad[:SHOWN])
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise FormatError(f"{path}: expected {expected} on each line, got {quoted}{more}")
    return [item for item in parsed if item is not None]


def mostly(lines: Sequence[Line], parse: Callable[[str], object | None]) -> bool:
    """Whether `parse` makes something of most of the first lines."""
    sample = lines[:SAMPLE]
    return 2 * sum(parse(line.text) is not None for line in sample) > len(sample)


def number(field: str) -> float | None:
    """The finite number that a field is, None for one that is none."""
    return float(field) if NUMBER.fullmatch(field) else None


class Section(NamedTuple):
    """The lines under a header `: name`, empty ones among them, and the number of the header, or 1."""

    name: str
    header: int
    lines: list[Line]

    @property
    def filled(self) -> list[Line]:
        """The lines with something on them."""
        return _filled(self.lines)


def sections(file: BenchmarkFile) -> list[Section]:
    """The sections with something in them; lines before the first header are in one named for the file.

    Raises:
        FormatError: a header without a name, or with one that tables use for something else.
    """
    parts = [Section(file.name, 1, [])]
    for line in file.lines:
        if line.text.startswith(":"):
            name = line.text.lstrip(": ")
            if not name:
                raise FormatError(f"{file.path}, line {line.number}: expected a name after the colon")
            if name in RESERVED:
                raise FormatError(f"{file.path}, line {line.number}: {reserved(name)}")
            parts.append(Section(name, line.number, []))
        else:
            parts[-1].lines.append(line)
    return [section for section in parts if section.filled]


def distinct_sections(file: BenchmarkFile) -> list[Section]:
    """The sections of a file in which a name stands for one section; `FormatError` if one has two."""
    seen: dict[str, int] = {}
    named = sections(file)
    for section in named:
        if section.name in seen:
            raise FormatError(
                f"{file.path}, line {section.header}: expected another name than {section.name!r}, which "
                f"is that of line {seen[section.name]} already"
            )
        seen[section.name] = section.header
    return named


def check_parts(benchmark: str, names: Sequence[str]) -> None:
    """Raise `InputError` for parts of one name, or one whose name tables use for something else."""
    seen = set[str]()
    for name in names:
        if name in RESERVED:
            raise InputError(f"{benchmark}: {reserved(name)}")
        if name in seen:
            raise InputError(f"{benchmark}: expected parts of different names, got two of {name!r}")
        seen.add(name)


def reserved(name: str) -> str:
    """What is wrong with the name of a part."""
    return f"{name!r} stands for a sum of parts in tables; give the part another name"


def _filled(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.text]

"""A benchmark file as numbered lines, and how readers of all kinds turn lines into items.

UTF-8, plain or compressed. A line that begins with "#" is a comment. A line that is no item is never passed
over: readers name every such line's number in one error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from embedkit.errors import FormatError
from embedkit.text.compression import SUFFIXES
from embedkit.text.sources import Source

SHOWN = 5  # malformed lines an error quotes
JUDGED = 20  # lines by which the kind of a file is told
BYTE_ORDER_MARK = "\ufeff"
NUMBER = re.compile(r"[-+]?(\d{1,15}\.?\d*|\.\d+)([eE][-+]?\d{1,2})?", re.ASCII)

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
        return [line for line in self.lines if line.text]


def read_file(path: Path, name: str | None = None) -> BenchmarkFile:
    """Read a file; `name` is that of the benchmark, by default the file's: "men" of data/men.txt.gz.

    Raises:
        InputError: it cannot be read.
        FormatError: it is no UTF-8 text.
    """
    data = b"".join(Source(path).text())
    try:
        text = data.decode().removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        number = data[: error.start].count(b"\n") + 1
        raise FormatError(f"{path}, line {number}: not UTF-8 text; convert the file") from None
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
    found = [parse(line.text) for line in lines]
    bad = [line for line, item in zip(lines, found, strict=True) if item is None]
    if bad:
        quoted = ", ".join(f"line {line.number} {line.text[:40]!r}" for line in bad[:SHOWN])
        more = f" and {len(bad) - SHOWN} more" if len(bad) > SHOWN else ""
        raise FormatError(f"{path}: expected {expected} on each line, got {quoted}{more}")
    return [item for item in found if item is not None]


def mostly(lines: Sequence[Line], parse: Callable[[str], object | None]) -> bool:
    """Whether `parse` makes something of most of the first lines."""
    judged = lines[:JUDGED]
    return 2 * sum(parse(line.text) is not None for line in judged) > len(judged)


def number(field: str) -> float | None:
    """The finite number that a field is, None for one that is none."""
    return float(field) if NUMBER.fullmatch(field) else None


def sections(file: BenchmarkFile) -> Iterator[tuple[str, list[Line]]]:
    """The filled lines under each header `: name`; those before the first header have the file's name."""
    name, lines = file.name, list[Line]()
    for line in file.filled:
        if line.text.startswith(":"):
            if lines:
                yield name, lines
            name, lines = line.text.lstrip(": "), []
        else:
            lines.append(line)
    if lines:
        yield name, lines

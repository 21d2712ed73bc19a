"""`BadRows`: rows that cannot be read, which are refused or, if asked, left out, counted and named."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from embedkit.errors import FormatError, InputError

SHOWN = 3  # lines that a message names
MAX_KEPT = 100_000  # rows whose problems are kept; others are counted
MAX_COLUMNS = 10_000
SKIP = "--skip-bad-rows leaves such rows out"


class BadRows:
    """What to do about rows that cannot be read.

    Args:
        name: of the file.
        skip: whether they are left out.
        advice: how they may be left out if they are not.
        unit: what a row is called, and what its number counts.
    """

    def __init__(
        self, name: str, skip: bool = False, advice: str = SKIP, unit: tuple[str, str] = ("row", "line")
    ) -> None:
        self.name, self.skip, self.advice, self.unit = name, skip, advice, unit
        self._problems: dict[int, str] = {}
        self._more = 0  # rows beyond those whose problems are kept

    def report(self, line: int, problem: str) -> None:
        """Note the row in a line, or raise `FormatError` about it."""
        if not self.skip:
            raise FormatError(f"{self.name}, {self.unit[1]} {line}: {problem}; {self.advice}")
        if len(self._problems) < MAX_KEPT:
            self._problems.setdefault(line, problem)
        else:
            self._more += line not in self._problems

    def check_width(self, columns: int) -> None:
        """Raise `InputError` for more columns than anyone can choose from."""
        if columns > MAX_COLUMNS:
            raise InputError(f"{self.name}: expected at most {MAX_COLUMNS:,} columns, got {columns:,}")

    def warn(self, kept: int) -> None:
        """Warn of the rows that were left out; `InputError` if none of them was kept."""
        if not self._problems:
            return
        lines = sorted(self._problems)
        row, place = self.unit
        first = f"{named_lines(lines, place, self._more)} ({self._problems[lines[0]]})"
        count = len(lines) + self._more
        if not kept:
            raise InputError(f"{self.name}: none of {count:,} {row}s can be read, {first}")
        rows = f"{row} was" if count == 1 else f"{row}s were"
        warnings.warn(f"{self.name}: {count:,} bad {rows} left out, {first}", UserWarning, stacklevel=3)


def named_lines(lines: Sequence[int], place: str = "line", others: int = 0) -> str:
    """Lines, or other places, as an error names them: "line 3", or "lines 3, 7, 8 and 2 more".

    There are so many `others` beside these.
    """
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = f" and {len(lines) + others - SHOWN:,} more" if len(lines) + others > SHOWN else ""
    return f"{place}{'s' if len(lines) > 1 else ''} {shown}{more}"

"""`BadRows`: rows that cannot be read, which are refused or, if asked, left out, counted and named."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from embedkit.errors import FormatError, InputError

SHOWN = 3  # lines that a message names
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

    def report(self, line: int, problem: str) -> None:
        """Note the row in a line, or raise `FormatError` about it."""
        if not self.skip:
            raise FormatError(f"{self.name}, {self.unit[1]} {line}: {problem}; {self.advice}")
        self._problems.setdefault(line, problem)

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
        first = f"{named_lines(lines, place)} ({self._problems[lines[0]]})"
        if not kept:
            raise InputError(f"{self.name}: none of {len(lines):,} {row}s can be read, {first}")
        rows = f"{row} was" if len(lines) == 1 else f"{row}s were"
        warnings.warn(f"{self.name}: {len(lines):,} bad {rows} left out, {first}", UserWarning, stacklevel=3)


def named_lines(lines: Sequence[int], place: str = "line") -> str:
    """Lines, or other places, as an error names them: "line 3", or "lines 3, 7, 8 and 2 more"."""
    shown = ", ".join(map(str, lines[:SHOWN]))
    more = f" and {len(lines) - SHOWN:,} more" if len(lines) > SHOWN else ""
    return f"{place}{'s' if len(lines) > 1 else ''} {shown}{more}"

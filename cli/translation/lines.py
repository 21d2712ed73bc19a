"""Files whose lines belong together: as many in one as in the other, empty ones included."""

from __future__ import annotations

from pathlib import Path

from embedkit.errors import InputError
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.lines import numbered_lines
from embedkit_cli.shared.inputs import given


def lines_of(path: Path, encoding: str, count: int | None = None, other: Path | None = None) -> list[str]:
    """The lines of a file, or of stdin, without their ends.

    Raises:
        InputError: a file of another number of lines than the `count` of the `other` one.
    """
    bad = BadRows(str(path), advice="mend the line")
    if str(path) == "-":
        batches = given(["-"], "lines", blank=True, encoding=encoding)
        lines = [item.text.rstrip("\r\n") for batch in batches for item in batch]
    else:
        lines = [line.rstrip("\r\n") for _, line in numbered_lines(path, encoding, bad)]
    if count is not None and len(lines) != count:
        raise InputError(
            f"expected as many lines as in {other}, {count:,}, got {len(lines):,} in {path}; "
            "line n of one belongs to line n of the other, empty lines included"
        )
    return lines

"""Standard streams that the shell closed (`>&-`, `2>&-`), for which Python has None."""

from __future__ import annotations

import os
import sys
from io import TextIOBase
from pathlib import Path
from typing import NoReturn

import click


class ClosedOutput(TextIOBase):
    """A stdout that refuses what is printed, so that no answer is lost without a word."""

    def write(self, text: str) -> NoReturn:
        """Raise, which ends the command with exit code 1."""
        raise click.ClickException("the answer cannot be printed: standard output is closed")


def replace_closed_streams() -> None:
    """Put something in the place of closed streams; what is said on a closed stderr nobody wants to hear."""
    if sys.stdout is None:
        sys.stdout = ClosedOutput()
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open to the end)

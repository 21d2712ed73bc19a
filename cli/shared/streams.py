"""Standard streams: substitutes for those that the shell closed (`>&-`, `2>&-`), and lines of stdin."""

from __future__ import annotations

import os
import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator
from io import TextIOBase
from pathlib import Path
from typing import BinaryIO, NoReturn

import click

CHUNK = 1 << 16  # bytes read at once


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


def ready_lines(stream: BinaryIO) -> Iterator[list[str]]:
    """The lines of UTF-8 as soon as they are there, as many as there are; U+FFFD for what is no text."""
    decoder, pending = getincrementaldecoder("utf-8-sig")("replace"), [""]
    while chunk := stream.read1(CHUNK):  # type: ignore[attr-defined]
        *ended, rest = decoder.decode(chunk).split("\n")
        if ended:
            ended[0] = "".join([*pending, ended[0]])
            yield [line.removesuffix("\r") for line in ended]
            pending = []
        pending.append(rest)
    if last := "".join([*pending, decoder.decode(b"", True)]):
        yield [last.removesuffix("\r")]

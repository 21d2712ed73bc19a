"""Standard streams: closed ones (`>&-`, `2>&-`), those on a full disk, and the lines of stdin."""

from __future__ import annotations

import os
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from io import TextIOBase
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TextIO

import click

CHUNK = 1 << 16  # bytes read at once


class ClosedOutput(TextIOBase):
    """A stdout that refuses what is printed, so that no answer is lost without a word."""

    def write(self, text: str) -> NoReturn:
        """Raise, which ends the command with exit code 1."""
        raise click.ClickException("the answer cannot be printed: standard output is closed")


class GuardedStream:
    """A standard stream that hands all on to the real one, until that fails, as on a full disk.

    From then on what is written goes nowhere, so that Python does not stumble over the rest at its end. A
    pipe that nobody reads raises `BrokenPipeError` as ever.
    """

    def __init__(self, stream: TextIO, lost: Callable[[OSError], object]) -> None:
        self._stream, self._lost = stream, lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write `text`; `lost` is called with what goes wrong. Of "", by which click probes, nothing is."""
        return 0 if text == "" else self._guarded(self._stream.write, text) or 0

    def flush(self) -> None:
        """Flush; `lost` is called with what goes wrong."""
        self._guarded(self._stream.flush)

    def _guarded(self, work: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return work(*arguments)
        except BrokenPipeError:
            raise
        except OSError as error:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
            return self._lost(error)


def guard_streams() -> None:
    """Let an answer that cannot be printed end the command with a word, and what is said on stderr get lost.

    Streams that the shell closed are replaced: nobody wants to hear what is said on a closed stderr.
    """
    sys.stdout = ClosedOutput() if sys.stdout is None else GuardedStream(sys.stdout, _refuse)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open to the end)
    sys.stderr = GuardedStream(sys.stderr, lambda error: None)


def _refuse(error: OSError) -> NoReturn:
    raise click.ClickException(f"the answer cannot be printed: {error.strerror}")


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

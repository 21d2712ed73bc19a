"""Standard streams: closed ones (`>&-`, `2>&-`), those on a full disk, and the lines of stdin."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from io import TextIOBase, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TextIO

import click

from embedkit.errors import FormatError, InputError
from embedkit.files import LONGEST

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
        self.before_write: Callable[[], object] = bool  # called before anything is written

    @property
    def unguarded(self) -> TextIO:
        """The real stream."""
        return self._stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write `text`; `lost` is called with what goes wrong. Of "", by which click probes, nothing is."""
        if text == "":
            return 0
        self.before_write()
        return self._guarded(self._stream.write, text) or 0

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
    if isinstance(sys.stdout, TextIOWrapper):  # what its encoding lacks is escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout = ClosedOutput() if sys.stdout is None else GuardedStream(sys.stdout, _refuse)
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open to the end)
    sys.stderr = GuardedStream(sys.stderr, lambda error: None)


def _refuse(error: OSError) -> NoReturn:
    raise click.ClickException(f"the answer cannot be printed: {error.strerror}")


def ready_lines(stream: BinaryIO, encoding: str | None = None) -> Iterator[list[str]]:
    """The lines as soon as they are there, as many as there are, without a byte order mark.

    Args:
        stream: where they come from.
        encoding: of the lines; None for UTF-8 where nobody can name another.

    Raises:
        FormatError: content that is no text, such as that of an archive, or text in UTF-16; an endless line.
        InputError: a line that is not in this encoding, after all lines before it.
    """
    from embedkit.text.formats.encodings import has_own_line_end, known_encoding
    from embedkit.text.formats.file_signatures import why_no_text

    chunks: Iterator[bytes] = iter(lambda: stream.read1(CHUNK), b"")  # type: ignore[attr-defined]
    if encoding is not None and has_own_line_end(known_encoding(encoding)):
        from embedkit.text.formats.transcoding import utf8_text

        chunks, encoding = utf8_text(chunks, encoding, "stdin"), "utf-8"
    pending: list[bytes] = []
    number = length = 0
    for chunk in chunks:
        if not (number or pending) and (got := why_no_text(chunk, named=encoding is not None)):
            raise FormatError(f"stdin: expected text, got {got}")
        ended, end, rest = chunk.rpartition(b"\n")
        if end:
            lines = b"".join([*pending, ended]).split(b"\n")
            yield from _decoded(lines, number, encoding)
            number += len(lines)
            pending = []
        pending.append(rest)
        length = len(rest) if end else length + len(rest)
        if length > LONGEST:
            raise FormatError(
                f"stdin, line {number + 1}: expected at most {LONGEST:,} bytes, got a longer line"
            )
    if last := b"".join(pending):
        yield from _decoded([last], number, encoding)


def _decoded(lines: Sequence[bytes], before: int, encoding: str | None) -> Iterator[list[str]]:
    """Lines as text, in one batch, of which so many were read `before`; those before a bad one come first."""
    texts: list[str] = []
    for line in lines:
        try:
            text = line.decode(encoding or "utf-8")
        except UnicodeDecodeError as error:
            from embedkit.text.formats.encodings import conversion_advice, naming_advice

            if texts:
                yield texts
            advice = naming_advice(line, encoding) if encoding else conversion_advice(line)
            raise InputError(
                f"stdin, line {before + len(texts) + 1}: byte 0x{line[error.start]:02x} is not "
                f"{encoding or 'utf-8'}; {advice}"
            ) from None
        texts.append((text if before or texts else text.removeprefix("\ufeff")).removesuffix("\r"))
    yield texts

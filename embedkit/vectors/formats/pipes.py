"""Vectors from pipes, stdin and compressed files, copied to temporary files that are read more than once."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from embedkit.errors import EmbedkitError, InputError
from embedkit.leftovers import temporary_folder
from embedkit.vectors.formats import stream

STDIN = Path("-")
CHUNK = 1 << 20  # bytes copied at once


def is_pipe(path: Path) -> bool:
    """Whether `path` is stdin ("-") or another pipe, as `<(...)` gives it: something that is read once."""
    try:
        return path == STDIN or path.is_fifo() or path.is_socket()
    except OSError:  # a name that is too long
        return False


def name_of(path: Path) -> str:
    """What messages call `path`: "stdin", or the path itself."""
    return "stdin" if path == STDIN else str(path)


@contextmanager
def as_file(path: Path) -> Iterator[Path]:
    """A file with what `path` holds: itself, or of a pipe a copy that lasts as long as the block.

    Errors and warnings of the block name the pipe and not the copy.
    """
    if not is_pipe(path):
        yield path
        return
    with _opened(path) as pipe, _copied(iter(lambda: pipe.read(CHUNK), b""), name_of(path)) as copy:
        yield copy


@contextmanager
def as_plain_file(path: Path) -> Iterator[Path]:
    """A file that is not compressed: itself, or its content in a copy that lasts as long as the block."""
    chunks = stream.content(path, CHUNK)
    first = next(chunks, b"")
    with path.open("rb") as file:
        if file.read(len(first)) == first:
            yield path
            return
    with _copied(chain([first], chunks), name_of(path)) as copy:
        yield copy


@contextmanager
def _copied(chunks: Iterable[bytes], name: str) -> Iterator[Path]:
    """A file of these chunks that lasts as long as the block, whose errors and warnings call it `name`."""
    with temporary_folder() as folder:
        copy = folder / "vectors"
        with copy.open("wb") as file:
            file.writelines(chunks)
        with told_as(copy, name):
            yield copy


@contextmanager
def told_as(copy: Path, name: str) -> Iterator[None]:
    """Let errors and warnings of the block that name a copy name what it is a copy of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        except EmbedkitError as error:
            raise type(error)(str(error).replace(str(copy), name)) from None
    for warning in caught:
        warnings.warn(str(warning.message).replace(str(copy), name), warning.category, stacklevel=4)


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    """The stream of bytes; stdin stays open afterwards."""
    if path != STDIN:
        return path.open("rb")
    if sys.stdin is None or sys.stdin.isatty():
        state = "is closed" if sys.stdin is None else "is a terminal"
        raise InputError(f"cannot read vectors from stdin: it {state}; name a file, or pipe one in")
    return nullcontext(sys.stdin.buffer)

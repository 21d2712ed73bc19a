"""Inputs of commands: arguments, or the lines of stdin as they come."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

import click

from embedkit.errors import InputError
from embedkit_cli.shared.streams import ready_lines

BATCH = 1024  # of them answered at once, if so many are there

Item = TypeVar("Item")


class Given(NamedTuple):
    """An argument, or a line of stdin with its number."""

    text: str
    line: int | None = None


def given(
    arguments: Sequence[str], form: str, *, blank: bool = False, encoding: str | None = None
) -> Iterator[list[Given]]:
    """The arguments as one batch; if there are none, or "-", the lines of stdin, as many as are there.

    Args:
        arguments: as they were typed.
        form: what is expected, for the error if there are none and nobody pipes any.
        blank: whether lines of white space alone count.
        encoding: of stdin, if it can be named.

    Raises:
        InputError: an argument, or a line of stdin, that is no text.
    """
    if arguments and list(arguments) != ["-"]:
        yield [Given(_text(argument)) for argument in arguments]
        return
    if sys.stdin is None or (not arguments and sys.stdin.isatty()):
        raise click.UsageError(f"expected {form}, or such lines on stdin")
    line = 0
    for texts in ready_lines(sys.stdin.buffer, encoding):
        lines = (Given(text, number) for number, text in enumerate(texts, line + 1))
        yield from batches((item for item in lines if blank or item.text.strip()), BATCH)
        line += len(texts)


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """The items, up to `size` of them at a time."""
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


def _text(argument: str) -> str:
    """An argument whose bytes are UTF-8, whatever the terminal is; `InputError` for one of other bytes."""
    try:
        return argument.encode(errors="surrogateescape").decode()
    except UnicodeDecodeError as error:
        raise InputError(
            f"the byte 0x{error.object[error.start]:02x} in the argument {argument!r} is not UTF-8; "
            "give it as UTF-8"
        ) from None

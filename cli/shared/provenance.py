"""The command line as it is kept in the metadata of what it makes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

_KEY = "embedkit_cli.arguments"
_OPTION = re.compile(r"(?:--[\w-]+=|-[a-zA-Z])?")


def remember_arguments(ctx: click.Context, arguments: Sequence[str]) -> None:
    """Keep the arguments of the whole command line for `command_line`."""
    ctx.meta[_KEY] = list(arguments)


def remembered_arguments(ctx: click.Context) -> list[str]:
    """The arguments of the whole command line."""
    kept: list[str] = ctx.meta[_KEY]
    return kept


def command_line(ctx: click.Context, result_invariant: Sequence[str] = ()) -> str:
    """The command line as typed, without the folders of paths: "embedkit train-w2v a.txt -o b.bin".

    Left out are the options of the settings `result_invariant`, each of which has a value, and those of
    checkpoints, on which no result depends.
    """
    invariant = [*result_invariant, "checkpoint_minutes"]
    arguments = _without(invariant, without_restart(remembered_arguments(ctx)))
    return shlex.join(["embedkit", *map(without_folders, arguments)])


def without_restart(arguments: Sequence[str]) -> list[str]:
    """The arguments of the command that goes on where this one began anew."""
    return [part for part in arguments if part != "--restart"]


def _without(names: Sequence[str], arguments: Sequence[str]) -> Iterator[str]:
    """The arguments but for the options `names` and their values: "--workers 2" and "--workers=2"."""
    options = {f"--{name.replace('_', '-')}" for name in names}
    parts = iter(arguments)
    for part in parts:
        if part in options:
            next(parts, None)
        elif part.partition("=")[0] not in options:
            yield part


def without_folders(argument: str) -> str:
    """An argument with the folders of its path left out: "--output=/home/me/b.bin" gives "--output=b.bin"."""
    if "/" not in argument:
        return argument
    value = _OPTION.sub("", argument, count=1)
    return argument.removesuffix(value) + Path(value).name

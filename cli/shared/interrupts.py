"""Ctrl-C and SIGTERM: how they end a command, and what is said of the file it was to write."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, NoReturn

import click

from embedkit.files import is_unfinished
from embedkit_cli.shared.provenance import remembered_arguments, without_restart

_BEGUN, _OUTPUT, _KEPT = "embedkit_cli.begun", "embedkit_cli.output", "embedkit_cli.kept"
_MOMENT = 0.05  # seconds

Version = tuple[int, int] | None  # inode and time of what stands at a path


class Terminated(KeyboardInterrupt):
    """SIGTERM, which ends a command as Ctrl-C does."""


def terminate(*_: object) -> NoReturn:
    """Handle SIGTERM."""
    raise Terminated


def come_again(lost: Any) -> None:
    """Let an interrupt that hit a callback, where Python drops exceptions, come once more in a moment."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    number = signal.SIGTERM if issubclass(lost.exc_type, Terminated) else signal.SIGINT
    posix = os.name == "posix"  # on Windows `os.kill` ends the process at once
    again = (os.kill, (os.getpid(), number)) if posix else (signal.raise_signal, (number,))
    timer = Timer(_MOMENT, *again)
    timer.daemon = True
    timer.start()


def remember_begin(ctx: click.Context) -> None:
    """Keep that the command was found and is about to be run."""
    ctx.meta[_BEGUN] = True


def remember_output(ctx: click.Context, option: click.Parameter, output: Path | str | None) -> Any:
    """Keep what stands where the command is to write; the callback of its option -o."""
    if output:
        ctx.meta[_OUTPUT] = output, _version(_path(output))
    return output


def remember_kept(ctx: click.Context) -> None:
    """Keep that what a command, which has no output, does until it is interrupted will not be lost."""
    ctx.meta[_KEPT] = True


def progress_lost(ctx: click.Context) -> str:
    """What an interrupt cost; outputs are only ever replaced by something complete."""
    if _BEGUN not in ctx.meta:
        return "before anything was begun"
    if _OUTPUT not in ctx.meta:
        return f"before the end: {_goes_on(ctx)}" if _KEPT in ctx.meta else ""
    output, before = ctx.meta[_OUTPUT]
    path = _path(output)
    if (now := _version(path)) != before and output is path:
        return f"after {output} was written"
    kept = "nothing else was kept"
    if is_unfinished(path):
        kept = _goes_on(ctx)
    if output is not path:
        return f"before the end: nothing, or not all of it, was put at {output}, {kept}"
    return f"before the end: {output} {'is as it was' if now else 'was not written'}, {kept}"


def _goes_on(ctx: click.Context) -> str:
    """What is said where the same command goes on."""
    command = shlex.join(["embedkit", *without_restart(remembered_arguments(ctx))])
    return f"what is finished is kept for a week; to go on from there: {command}"


def interrupt_behind(error: BaseException) -> KeyboardInterrupt | None:
    """The interrupt that became `error`: compiled modules that are being loaded make an ImportError of it."""
    seen: BaseException | None = error
    while seen and not isinstance(seen, KeyboardInterrupt):
        seen = seen.__cause__ or seen.__context__
    return seen


def ending(cause: BaseException | None) -> tuple[int, str]:
    """The exit code and what is said of an interrupt that `progress_lost` may have told of."""
    by_signal = isinstance(cause, Terminated)
    word = "Terminated" if by_signal else "Interrupted"
    code = 128 + (signal.SIGTERM if by_signal else signal.SIGINT)
    return code, " ".join([word, *(cause.args if cause else ())])


def _path(output: Path | str) -> Path:
    """Where the command writes: of an address in the cache."""
    if isinstance(output, Path):
        return output
    from embedkit.remote_copies import path_for

    return path_for(output)


def _version(path: Path) -> Version:
    with suppress(OSError):
        status = path.stat()
        return status.st_ino, status.st_mtime_ns
    return None

"""Ctrl-C and SIGTERM: how they end a command, and what is said of the file it was to write."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

_BEGUN, _OUTPUT = "embedkit_cli.begun", "embedkit_cli.output"

Version = tuple[int, int] | None  # inode and time of what stands at a path


class Terminated(KeyboardInterrupt):
    """SIGTERM, which ends a command as Ctrl-C does."""


def terminate(*_: object) -> NoReturn:
    """Handle SIGTERM."""
    raise Terminated


def remember_begin(ctx: click.Context) -> None:
    """Keep that the command was found and is about to be run."""
    ctx.meta[_BEGUN] = True


def remember_output(ctx: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Keep what stands where the command is to write; the callback of its option -o."""
    if path:
        ctx.meta[_OUTPUT] = path, _version(path)
    return path


def progress_lost(ctx: click.Context) -> str:
    """What an interrupt cost; outputs are only ever replaced by something complete."""
    if _BEGUN not in ctx.meta:
        return "before anything was begun"
    if _OUTPUT not in ctx.meta:
        return ""
    path, before = ctx.meta[_OUTPUT]
    if (now := _version(path)) != before:
        return f"after {path} was written"
    return f"before the end: {path} {'is as it was' if now else 'was not written'}, nothing else was kept"


def _version(path: Path) -> Version:
    with suppress(OSError):
        status = path.stat()
        return status.st_ino, status.st_mtime_ns
    return None

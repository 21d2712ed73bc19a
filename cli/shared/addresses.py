"""Addresses such as s3://bucket/file in the place of paths that a command reads or writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import click

from embedkit.errors import EmbedkitError
from embedkit.remote_files import is_address
from embedkit_cli.shared.headings import OUTPUT
from embedkit_cli.shared.interrupts import remember_output

_MADE = "embedkit_cli.made"


class ReadPath(click.Path):
    """A path to read; what is at an address is fetched."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, of an address that of the copy in the cache."""
        if not is_address(value):
            return super().convert(value, param, ctx)
        if param and (param.callback is remember_output or getattr(param, "heading", None) == OUTPUT):
            self.fail(refused(value), param, ctx)
        return self.fetched(value, param, ctx)

    def fetched(self, address: str, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The copy in the cache of what is at an address."""
        from embedkit import Corpus
        from embedkit.remote_copies import here
        from embedkit.text.corpus.manifest import is_corpus

        try:
            return Corpus.open(address).path if is_corpus(address) else here(address)
        except EmbedkitError as error:
            self.fail(str(error), param, ctx)


class ReadName(ReadPath):
    """A name, a number or the like, or a path to read; what is at an address is fetched."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, of an address the path of the copy in the cache."""
        return str(self.fetched(value, param, ctx) if is_address(value) else value)


class WrittenPath(click.Path):
    """A path to write, or an address where `puts_output` can put what is written."""

    def __init__(self, addresses: bool = False) -> None:
        super().__init__(path_type=Path)
        self._addresses = addresses

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path or the address; `Path` would make one of a folder "s3:" of that."""
        if not is_address(value):
            return super().convert(value, param, ctx)
        if not self._addresses:
            self.fail(refused(value), param, ctx)
        return value


def refused(address: str) -> str:
    """What is said of an address where a path on this machine is needed."""
    return f"cannot write {address}: name a path on this machine, and copy to the address"


@dataclass
class _Made:
    """What is made in the cache and put at an address; until then nobody is told that it was written."""

    path: Path
    address: str
    told: list[Callable[[], None]] = field(default_factory=list)


def puts_output(function: Callable[..., Any]) -> Callable[..., Any]:
    """Have a command, whose `output` may be an address, write to a path that is put there at its end."""

    @wraps(function)
    def command(*args: Any, output: Path | str, **values: Any) -> Any:
        ctx = click.get_current_context()
        if isinstance(output, Path):
            return function(*args, output=output, **values)
        from embedkit.remote_copies import written

        with written(output) as path:
            made = ctx.meta[_MADE] = _Made(path, output)
            result, ended = None, None
            try:
                result = function(*args, output=path, **values)
            except click.exceptions.Exit as error:  # all is written
                ended = error
            except EmbedkitError as error:
                error.args = (with_address(str(error)),)
                raise
        for tell in made.told:
            tell()
        if ended:
            raise ended
        return result

    return command


def once_put(tell: Callable[[], None]) -> None:
    """Tell what was written, as soon as that stands where it should."""
    ctx = click.get_current_context(silent=True)
    made: _Made | None = ctx and ctx.meta.get(_MADE)
    if made:
        made.told.append(tell)
    else:
        tell()


def with_address(text: str) -> str:
    """A text with the address in place of the path in the cache."""
    ctx = click.get_current_context(silent=True)
    made: _Made | None = ctx and ctx.meta.get(_MADE)
    return text.replace(str(made.path), made.address) if made else text

"""Options of commands: those that several share, and those made of the fields of a dataclass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields
from functools import wraps
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import click

Function = TypeVar("Function", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)

vectors_option = click.option(
    "-v",
    "--vectors",
    type=PATH,
    metavar="FILE",
    help="Vectors to query; default: the bundled English vectors.",
)
top_option = click.option(
    "--top",
    type=click.IntRange(min=1),
    default=10,
    show_default=True,
    metavar="N",
    help="Number of answers per query.",
)
format_option = click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "tsv"]),
    default="text",
    show_default=True,
    help="json: one object per query; tsv: query, word and score.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no summary on stderr.")


def output_option(metavar: str, help: str) -> Callable[[Function], Function]:
    """The required option -o/--output."""
    return click.option("-o", "--output", type=PATH, required=True, metavar=metavar, help=help)


def options_of(kind: type[Any], argument: str) -> Callable[[Function], Function]:
    """Give a command an option for each field of the dataclass `kind`.

    A field `vector_size: int = 100` becomes `--vector-size INTEGER`, its default shown, its help taken from
    the field's metadata; a bool becomes `--x/--no-x`, a Literal a choice. The command receives an instance
    of `kind` as the keyword `argument`.
    """

    def decorate(function: Function) -> Function:
        @wraps(function)
        def command(*args: Any, **values: Any) -> Any:
            settings = {field.name: values.pop(field.name) for field in fields(kind)}
            return function(*args, **{argument: kind(**settings)}, **values)

        hints = get_type_hints(kind)
        for field in reversed(fields(kind)):
            command = _option(field, hints[field.name])(command)
        return command

    return decorate


def _option(field: Field[Any], hint: Any) -> Callable[[Function], Function]:
    name = field.name.replace("_", "-")
    return click.option(
        f"--{name}/--no-{name}" if hint is bool or bool in get_args(hint) else f"--{name}",
        field.name,
        type=click_type(hint),
        default=field.default,
        show_default=field.default is not None,
        help=_sentence(field.metadata["help"]),
    )


def click_type(hint: Any) -> Any:
    """What click parses for a field of type `hint`: int for `int | None`, a choice for a Literal."""
    if get_origin(hint) is Literal:
        return click.Choice(get_args(hint))
    parts = [part for part in get_args(hint) if part is not NoneType]
    return click_type(parts[0]) if parts else hint


def _sentence(text: str) -> str:
    """The text with a capital and a full stop: "most words" gives "Most words."."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."

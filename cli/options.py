"""Options of commands: those that several share, and those generated from the fields of a dataclass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, fields
from functools import wraps
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import click
from click.core import ParameterSource

Function = TypeVar("Function", bound=Callable[..., Any])
PATH = click.Path(path_type=Path)

INPUT, OUTPUT = "Input", "Output"
METAVARS = {int: "N", float: "X"}
NAMED_METAVARS = {  # of options that mean the same in all commands
    "tokenizer": "NAME",
    "encoding": "NAME",
    "memory": "SIZE",
    "text_column": "COLUMN",
    "label_column": "COLUMN",
    "only": "COLUMN=VALUE",
    "min_coverage": "FRACTION",
    "validation_fraction": "FRACTION",
}


class HeadedOption(click.Option):
    """An option that `--help` shows under a heading."""

    def __init__(self, *args: Any, heading: str = "Options", **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.heading = heading


class HeadedCommand(click.Command):
    """A command whose options stand under headings, in the order in which they were declared."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, those without a heading last."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and not isinstance(param, click.Argument):
                sections.setdefault(getattr(param, "heading", "Options"), []).append(record)
        for heading in sorted(sections, key=lambda heading: heading == "Options"):
            with formatter.section(heading):
                formatter.write_dl(sections[heading])


def under(heading: str) -> dict[str, Any]:
    """What `click.option` takes for an option under a heading: `@click.option("--x", **under("Data"))`."""
    return {"cls": HeadedOption, "heading": heading}


quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no summary on stderr.")


def vectors_option(purpose: str) -> Callable[[Function], Function]:
    """The option -v/--vectors, for vectors that a command shall "query"."""
    return click.option(
        "-v",
        "--vectors",
        type=PATH,
        metavar="FILE",
        help=f"Vectors to {purpose}. Default: the bundled English vectors.",
        **under(INPUT),
    )


def top_option(help: str, default: int | None = 10) -> Callable[[Function], Function]:
    """The option --top, a number of answers."""
    return click.option(
        "--top", type=click.IntRange(min=1), default=default, show_default=True, metavar="N", help=help
    )


def seed_option(heading: str = "Options") -> Callable[[Function], Function]:
    """The option --seed."""
    return click.option(
        "--seed",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        metavar="N",
        help="Random seed.",
        **under(heading),
    )


def format_option(
    help: str, styles: Sequence[str] = ("text", "json", "tsv")
) -> Callable[[Function], Function]:
    """The option --format, of which a command gets the first of the styles if nothing was typed."""
    return click.option(
        "--format",
        "style",
        type=click.Choice(styles),
        default=styles[0],
        show_default=True,
        help=help,
        **under(OUTPUT),
    )


def plot_option(content: str) -> Callable[[Function], Function]:
    """The option --plot, for a picture of `content`."""
    return click.option(
        "--plot", type=PATH, metavar="FILE", help=f"Plot {content} to a PNG file.", **under(OUTPUT)
    )


def output_option(metavar: str, help: str) -> Callable[[Function], Function]:
    """The required option -o/--output."""
    return click.option(
        "-o", "--output", type=PATH, required=True, metavar=metavar, help=help, **under(OUTPUT)
    )


def options_of(kind: type[Any], argument: str, heading: str = "Options") -> Callable[[Function], Function]:
    """Give a command an option for each hyper-parameter of the dataclass `kind`.

    A field `vector_size: int = 100` becomes `--vector-size N`, its default shown, its help taken from
    the field's metadata; a bool becomes `--x/--no-x`, a Literal a choice. The command receives an instance
    of `kind` as the keyword `argument`.
    """

    def decorate(function: Function) -> Function:
        @wraps(function)
        def command(*args: Any, **values: Any) -> Any:
            settings = {field.name: values.pop(field.name) for field in _declared(kind)}
            return function(*args, **{argument: kind(**settings)}, **values)

        return _with_options(command, kind, heading)  # type: ignore[return-value]

    return decorate


def given_options(
    kinds: Mapping[str, type[Any]], argument: str, show_defaults: bool = True
) -> Callable[[Function], Function]:
    """Give a command the options of several dataclasses, each under a heading.

    The command receives, as the keyword `argument`, a mapping of what was typed, and of that alone: what was
    not is for the model to say. A field that stands in two of the dataclasses becomes one option.
    """

    def decorate(function: Function) -> Function:
        names = {field.name for kind in kinds.values() for field in _declared(kind)}

        @wraps(function)
        def command(*args: Any, **values: Any) -> Any:
            typed = click.get_current_context().get_parameter_source
            chosen = {name: values.pop(name) for name in names}
            given = {name: chosen[name] for name in names if typed(name) is ParameterSource.COMMANDLINE}
            return function(*args, **{argument: given}, **values)

        seen: set[str] = set()
        for heading, kind in reversed(kinds.items()):
            command = _with_options(command, kind, heading, show_defaults, seen)
        return command  # type: ignore[return-value]

    return decorate


def _declared(kind: type[Any]) -> list[Field[Any]]:
    """The fields of a dataclass that are hyper-parameters."""
    return [field for field in fields(kind) if "help" in field.metadata]


def _with_options(
    command: Callable[..., Any],
    kind: type[Any],
    heading: str,
    show_defaults: bool = True,
    seen: set[str] | None = None,
) -> Callable[..., Any]:
    """A command with the options of a dataclass, but for those already `seen`."""
    seen = set() if seen is None else seen
    hints = get_type_hints(kind)
    for field in reversed(_declared(kind)):
        if field.name not in seen:
            command = _option(field, hints[field.name], heading, show_defaults)(command)
            seen.add(field.name)
    return command


def _option(
    field: Field[Any], hint: Any, heading: str, show_defaults: bool
) -> Callable[[Function], Function]:
    name = field.name.replace("_", "-") if len(field.name) > 1 else field.name
    flag = {*get_args(hint)} - {NoneType} == {bool} or hint is bool
    kind = click_type(hint)
    return click.option(
        f"--{name}/--no-{name}" if flag else f"--{name}",
        field.name,
        type=kind,
        default="yes" if field.default is True and not flag else field.default,
        show_default=show_defaults and field.default is not None,
        metavar=NAMED_METAVARS.get(field.name) or METAVARS.get(kind),
        help=_sentence(field.metadata["help"]),
        **under(heading),
    )


class NumberRange(click.FloatRange):
    """A range of numbers, of which nan is none; click's own lets it pass, as it compares with nothing."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number."""
        number: float = super().convert(value, param, ctx)
        if number != number:
            self.fail(f"expected a number, got {value!r}", param, ctx)
        return number


class YesNoNumber(click.ParamType):
    """yes, no, or a number."""

    name = "yes|no|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bool | int:
        """True, False or the number."""
        if isinstance(value, bool | int):
            return value
        if value in ("yes", "no"):
            return bool(value == "yes")
        if not value.isdecimal():
            self.fail(f"expected yes, no or a number, got {value!r}", param, ctx)
        return int(value)


def click_type(hint: Any) -> Any:
    """What click parses for a field of type `hint`: int for `int | None`, a choice for a Literal."""
    if get_origin(hint) is Literal:
        return click.Choice(get_args(hint))
    parts = [part for part in get_args(hint) if part is not NoneType]
    if {bool, int} <= {*parts}:
        return YesNoNumber()
    return click_type(parts[0]) if parts else hint


def _sentence(text: str) -> str:
    """The text with a capital and a full stop: "most words" gives "Most words."."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."

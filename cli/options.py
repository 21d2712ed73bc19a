"""Options of commands that are generated from the fields of a dataclass, and the types of their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import Field, fields
from functools import wraps
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click
from click.core import ParameterSource

from embedkit.hyperparameters import Seeded, check_seed
from embedkit_cli.shared.common_options import NAME_OR_PATH, Function
from embedkit_cli.shared.headings import under
from embedkit_cli.shared.text import sentence

METAVARS = {int: "N", float: "X"}
NAMED_METAVARS = {  # of options that mean the same in all commands
    "tokenizer": "NAME",
    "pos": "TAG,...",
    "stop_words": "LANG|FILE",
    "phrases": "FILE",
    "pipeline": "FILE",
    "encoding": "NAME",
    "layers": '"LAYER ..."',
    "memory": "SIZE",
    "connectors": "english|none|FILE",
    "text_column": "COLUMN",
    "label_column": "COLUMN",
    "only": "COLUMN=VALUE",
    "min_coverage": "FRACTION",
    "validation_fraction": "FRACTION",
    "share": "FRACTION",
    "start": "VECTORS",
    "frozen": "FILE|known",
    "language_model": "FILE",
    "document_share": "FRACTION",
}

READS = re.compile(r"\b(FILE|VECTORS)\b")  # in the metavars of options that may name a file to read


def seed_option(heading: str = "Options") -> Callable[[Function], Function]:
    """The option --seed; the command receives the number."""

    def decorate(function: Function) -> Function:
        @wraps(function)
        def command(*args: Any, seed: int, **values: Any) -> Any:
            check_seed(seed)
            return function(*args, seed=seed, **values)

        return _with_options(command, {Seeded: heading})  # type: ignore[return-value]

    return decorate


def options_of(
    kind: type[Any], argument: str, heading: str = "Options", without: Collection[str] = ()
) -> Callable[[Function], Function]:
    """Give a command an option for each hyper-parameter of the dataclass `kind`.

    A field `vector_size: int = 100` becomes `--vector-size N`, its default shown, its help taken from
    the field's metadata; a bool becomes `--x/--no-x`, a Literal a choice. The command receives an instance
    of `kind` as the keyword `argument`. Fields named in `without` become no options.
    """
    names = [field.name for field in _declared(kind) if field.name not in without]

    def decorate(function: Function) -> Function:
        @wraps(function)
        def command(*args: Any, **values: Any) -> Any:
            settings = {name: values.pop(name) for name in names}
            return function(*args, **{argument: kind(**settings)}, **values)

        return _with_options(command, {kind: heading}, without=without)  # type: ignore[return-value]

    return decorate


def given_options(
    kinds: Mapping[type[Any], str],
    argument: str,
    show_defaults: bool = True,
    without: Collection[str] = (),
) -> Callable[[Function], Function]:
    """Give a command the options of several dataclasses, each under its heading.

    The command receives, as the keyword `argument`, a mapping of what was typed, and of that alone: what was
    not is for the model to say. A field that stands in several of the dataclasses becomes one option, under
    the heading of the first. Fields named in `without` become none.
    """

    def decorate(function: Function) -> Function:
        names = {field.name for kind in kinds for field in _declared(kind)}.difference(without)

        @wraps(function)
        def command(*args: Any, **values: Any) -> Any:
            typed = click.get_current_context().get_parameter_source
            chosen = {name: values.pop(name) for name in names}
            given = {name: chosen[name] for name in names if typed(name) is ParameterSource.COMMANDLINE}
            return function(*args, **{argument: given}, **values)

        return _with_options(command, kinds, show_defaults, without)  # type: ignore[return-value]

    return decorate


def _declared(kind: type[Any]) -> list[Field[Any]]:
    """The fields of a dataclass that are hyper-parameters."""
    return [field for field in fields(kind) if "help" in field.metadata]


def _with_options(
    command: Callable[..., Any],
    kinds: Mapping[type[Any], str],
    show_defaults: bool = True,
    without: Collection[str] = (),
) -> Callable[..., Any]:
    """A command with an option for each field of dataclasses, given with their headings."""
    homes: dict[str, list[tuple[Field[Any], type[Any]]]] = {}
    for kind in kinds:
        for field in _declared(kind):
            homes.setdefault(field.name, []).append((field, kind))
    for name in reversed([name for name in homes if name not in without]):
        field, kind = homes[name][0]
        defaults = {kinds[home]: other.default for other, home in homes[name]}
        shown = show_defaults and _default_shown(defaults)
        command = _option(field, get_type_hints(kind)[name], kinds[kind], shown)(command)
    return command


def _default_shown(defaults: Mapping[str, Any]) -> bool | str:
    """What help tells of the defaults of an option under each heading: the one, all of several, or none."""
    different = {*defaults.values()}
    if len(different) == 1:
        return different != {None}
    lower = {heading[:1].lower() + heading[1:]: default for heading, default in defaults.items()}
    return ", ".join(f"{default} for {heading}" for heading, default in lower.items())


def _option(
    field: Field[Any], hint: Any, heading: str, show_default: bool | str
) -> Callable[[Function], Function]:
    name = field.name.replace("_", "-") if len(field.name) > 1 else field.name
    flag = {*get_args(hint)} - {NoneType} == {bool} or hint is bool
    kind = click_type(hint)
    metavar = NAMED_METAVARS.get(field.name) or METAVARS.get(kind)
    reads = kind is str and metavar and READS.search(metavar)
    return click.option(
        f"--{name}/--no-{name}" if flag else f"--{name}",
        field.name,
        type=NAME_OR_PATH if reads else kind,
        default="yes" if field.default is True and not flag else field.default,
        show_default=show_default,
        metavar=metavar,
        help=sentence(field.metadata["help"]),
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

"""What may not be given: an option twice where a command takes one value, or beside another; stdin twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click
from click.core import ParameterSource

from embedkit_cli.shared.headings import OUTPUT
from embedkit_cli.shared.interrupts import remember_output

STDIN = "-"
LINES = {"words", "texts"}  # arguments that stand for the lines of stdin where they are "-" alone, or none
TEXT_FILES = "inputs"  # arguments, or values of an option, each of which may be "-"


def refuse_repeated(command: click.Command, arguments: Sequence[str], context: click.Context) -> None:
    """Raise `click.UsageError` if an option that has one value, an on/off pair, or stdin stands there twice.

    A flag that can only be switched on, such as --quiet, may be repeated, and --help is shown whatever else
    is there.
    """
    inner = click.Context(command, info_name=command.name, parent=context)
    values, _, parsed = command.make_parser(inner).parse_args(list(arguments))
    if any(param.is_eager for param in parsed):
        return
    for param, times in Counter(parsed).items():
        if isinstance(param, click.Option) and times > 1 and _has_one_value(param):
            name = " or ".join([*param.opts, *param.secondary_opts])
            raise click.UsageError(
                f"expected {name} once, got it {times} times; leave out all but one", inner
            )
    readers = list(_readers_of_stdin(command, values))
    if len(readers) > 1:
        what = " and for ".join(readers)
        raise click.UsageError(
            f"stdin can be read only once, got it for {what}; give all but one otherwise", inner
        )


def _readers_of_stdin(command: click.Command, values: Mapping[str, Any]) -> Iterator[str]:
    """What a command would read from stdin, by the names of its parameters, each as often as it would."""
    values = {name: value if isinstance(value, list | tuple) else (value,) for name, value in values.items()}
    from_files = any("--input" in param.opts and param.name in values for param in command.params)
    for param in command.params:
        given = [value for value in values.get(str(param.name), ()) if isinstance(value, str)]
        argument = isinstance(param, click.Argument) and not param.required
        lines = argument and param.name in LINES
        if _names_files(param) or (lines and given == [STDIN]):
            yield from [_name(param)] * given.count(STDIN)
        if not (given or from_files) and (lines or (argument and param.name == TEXT_FILES)):
            yield f"{_name(param)}, as none is given"


def _name(param: click.Parameter) -> str:
    """A parameter as messages name it."""
    if isinstance(param, click.Option):
        return " or ".join(param.opts)
    return str(param.metavar or param.name).split()[0].strip("[].")


def _names_files(param: click.Parameter) -> bool:
    """Whether values are files that are read."""
    written = param.callback is remember_output or getattr(param, "heading", None) == OUTPUT
    return param.name == TEXT_FILES or (isinstance(param.type, click.Path) and not written)


def _has_one_value(option: click.Option) -> bool:
    only_on = option.is_flag and not option.secondary_opts
    return not (only_on or option.multiple or option.count)


def refuse_given(*names: str, why: str) -> None:
    """Raise `click.UsageError` if one of these options of the running command was typed."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{why}; leave out --{name.replace('_', '-')}")

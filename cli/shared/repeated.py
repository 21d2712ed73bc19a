"""Options that may not be given: twice where a command takes one value, or beside another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import click
from click.core import ParameterSource


def refuse_repeated(command: click.Command, arguments: Sequence[str], context: click.Context) -> None:
    """Raise `click.UsageError` if an option that has one value, or an on/off pair, stands there twice.

    A flag that can only be switched on, such as --quiet, may be repeated, and --help is shown whatever else
    is there.
    """
    inner = click.Context(command, info_name=command.name, parent=context)
    _, _, parsed = command.make_parser(inner).parse_args(list(arguments))
    if any(param.is_eager for param in parsed):
        return
    for param, times in Counter(parsed).items():
        if isinstance(param, click.Option) and times > 1 and _has_one_value(param):
            name = " or ".join([*param.opts, *param.secondary_opts])
            raise click.UsageError(
                f"expected {name} once, got it {times} times; leave out all but one", inner
            )


def _has_one_value(option: click.Option) -> bool:
    only_on = option.is_flag and not option.secondary_opts
    return not (only_on or option.multiple or option.count)


def refuse_given(*names: str, why: str) -> None:
    """Raise `click.UsageError` if one of these options of the running command was typed."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"{why}; leave out --{name.replace('_', '-')}")

"""Options that are steps: each may be given several times, and their order counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from embedkit_cli.shared.headings import HeadedCommand, under

_ORDER = "embedkit_cli.steps"
STEPS = "Steps, in the order given"


class StepsCommand(HeadedCommand):
    """A command that knows in which order its options were typed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments, and keep the order of the options."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_ORDER] = [param.name for param in order]
        return super().parse_args(ctx, args)


def step_option(name: str, help: str, metavar: str | None = None, kind: Any = None) -> Any:
    """An option that is a step: a flag, or with a `metavar` one that has a value."""
    value = {"is_flag": True} if metavar is None else {"type": kind, "metavar": metavar}
    return click.option(name, multiple=True, help=help, **value, **under(STEPS))


def steps_given(ctx: click.Context, options: dict[str, tuple[Any, ...]]) -> Iterator[tuple[str, Any]]:
    """The steps and their values, in the order in which they were typed."""
    values = {name: iter(given) for name, given in options.items()}
    return ((name, next(values[name])) for name in ctx.meta[_ORDER] if name in values)

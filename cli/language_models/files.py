"""Options of files of language models."""

from __future__ import annotations

from collections.abc import Callable

import click

from embedkit_cli.shared.common_options import PATH, Function
from embedkit_cli.shared.headings import INPUT, under


def model_option(purpose: str, *, several: bool = False) -> Callable[[Function], Function]:
    """The required option -m/--model, for a model that a command shall "ask"; for `several`, repeatable."""
    return click.option(
        "-m",
        "--model",
        type=PATH,
        required=True,
        multiple=several,
        metavar="FILE",
        help=f"Language model to {purpose}, made by train-lm{'; repeatable' if several else ''}.",
        **under(INPUT),
    )

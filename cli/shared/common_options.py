"""Options that mean the same in several commands: vectors, number and format of answers, files to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from embedkit_cli.shared.addresses import ReadName, ReadPath, WrittenPath, puts_output
from embedkit_cli.shared.headings import INPUT, OUTPUT, under
from embedkit_cli.shared.interrupts import remember_output

Function = TypeVar("Function", bound=Callable[..., Any])
PATH = ReadPath(path_type=Path)
NAME_OR_PATH = ReadName()
OUTPUT_PATH = WrittenPath()
COUNT = click.IntRange(1, 2**31 - 1)

quiet_option = click.option("-q", "--quiet", is_flag=True, help="No progress and no summary on stderr.")


def vectors_option(purpose: str, *, several: bool = False) -> Callable[[Function], Function]:
    """The option -v/--vectors, for vectors that a command shall "query"; for `several`, repeatable."""
    return click.option(
        "-v",
        "--vectors",
        type=PATH,
        multiple=several,
        metavar="FILE",
        help=f"Vectors to {purpose}. Default: the bundled English vectors.",
        **under(INPUT),
    )


def top_option(help: str, default: int | None = 10) -> Callable[[Function], Function]:
    """The option --top, a number of answers."""
    return click.option(
        "--top",
        type=COUNT,
        default=default,
        show_default=True,
        metavar="N",
        help=help,
        **under(OUTPUT),
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
    text = f"Plot {content} to a PNG, SVG or PDF file."
    return click.option("--plot", type=PATH, metavar="FILE", help=text, **under(OUTPUT))


def output_option(
    metavar: str, help: str, puts: bool = False, addresses: bool = True
) -> Callable[[Function], Function]:
    """The required option -o/--output, a path or, unless no `addresses` are taken, an address.

    The command receives a path, unless it `puts` what it makes at an address by itself.
    """
    option = click.option(
        "-o",
        "--output",
        type=WrittenPath(addresses),
        required=True,
        callback=remember_output,
        metavar=metavar,
        help=help,
        **under(OUTPUT),
    )
    return lambda function: option(function if puts else puts_output(function))  # type: ignore[return-value]

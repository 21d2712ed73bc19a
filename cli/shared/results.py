"""Results of commands that write files: tables and a summary for people, or one JSON object for programs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from embedkit_cli.shared.addresses import once_put, with_address
from embedkit_cli.shared.common_options import format_option
from embedkit_cli.shared.text import json_line

MADE = "json: one object with the output, the seconds it took, and what `embedkit info` tells of it."

made_format_option = format_option(MADE, ("text", "json"))


def show_result(
    style: str, content: Mapping[str, Any], *, text: str = "", summary: str = "", quiet: bool = False
) -> None:
    """Print `text`, or for the style "json" `content`; the summary goes to stderr, unless `quiet`."""

    def tell() -> None:
        if style == "json":
            click.echo(with_address(json_line(content)))
        elif text:
            click.echo(with_address(text))
        if summary and not quiet:
            click.echo(with_address(summary), err=True)

    once_put(tell)


def show_made(
    style: str,
    output: Path | str,
    begin: float,
    *,
    text: str = "",
    summary: str = "",
    quiet: bool = False,
    described: Path | None = None,
    **more: Any,
) -> None:
    """`show_result` of a file or a folder that was written; JSON describes it as `embedkit info` does.

    Args:
        style: "json", or another for people.
        output: what was written.
        begin: when the command began, by `time.monotonic`.
        text: what is printed on stdout for people.
        summary: what is said on stderr.
        quiet: whether it is not.
        described: the file that JSON describes, if not the output.
        more: what JSON has before the description.
    """
    content: dict[str, Any] = {}
    if style == "json":
        from embedkit.file_facts import describe_file

        seconds = round(time.monotonic() - begin, 3)
        content = {
            "output": str(output),
            "seconds": seconds,
            **more,
            **describe_file(described or Path(output)),
        }
    show_result(style, content, text=text, summary=summary, quiet=quiet)

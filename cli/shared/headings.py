"""Headings of `--help`, under which the options of a command stand."""

from __future__ import annotations

from typing import Any

import click

INPUT, OUTPUT = "Input", "Output"


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

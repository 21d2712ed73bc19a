"""The directive `commands`: the help of every command below a heading of `embedkit --help`.

.. commands:: Queries

Each command becomes a section with its usage, its help, and its options under their headings. A heading that
no page has is a warning.
"""

import re
from collections.abc import Iterator
from typing import Any

import click
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from embedkit_cli.main import SECTIONS, main

LEVELS = "-~^"  # lines under titles, the title of the page left out
KEPT = "\b"  # what click begins a paragraph with whose lines are kept


class Commands(SphinxDirective):
    """The commands of a heading, one after the other."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """A list of the commands, then a section for each."""
        heading = self.arguments[0]
        if heading not in SECTIONS:
            raise self.error(f"no heading {heading!r}; there are {', '.join(SECTIONS)}")
        if not hasattr(self.env, "command_headings"):
            self.env.command_headings = {}
        self.env.command_headings[self.env.docname] = heading
        commands, root = SECTIONS[heading], click.Context(main, info_name="embedkit")
        lines = [f"* `{name} <#embedkit-{name}>`__: {escaped(text)}" for name, text in commands.items()]
        for name in commands:
            command = main.get_command(root, name)
            assert command is not None  # noqa: S101 - it is in the table of commands
            lines += ["", *section(command, name, root, 0)]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def section(command: click.Command, name: str, parent: click.Context, level: int) -> Iterator[str]:
    """A command, and those below it if it is a group, in reStructuredText."""
    context = click.Context(command, info_name=name, parent=parent)
    title = context.command_path
    yield from (title, LEVELS[level] * len(title), "")
    usage = " ".join([title, *command.collect_usage_pieces(context)])
    yield from (".. code-block:: text", "", f"   {usage}", "")
    yield from paragraphs(command.help or "")
    yield from options(command, context)
    yield from paragraphs(command.epilog or "")
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None:
                yield from section(found, below, context, level + 1)


def options(command: click.Command, context: click.Context) -> Iterator[str]:
    """The options of a command under their headings, those without one last, as `--help` has them."""
    headed: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(context):
        record = param.get_help_record(context)
        if record is not None and not isinstance(param, click.Argument):
            headed.setdefault(getattr(param, "heading", "Options"), []).append(record)
    yield from (f".. program:: {context.command_path}", "")
    for heading in sorted(headed, key=lambda heading: heading == "Options"):
        yield from (f".. rubric:: {heading}", "")
        for spelling, told in headed[heading]:
            yield from (f".. option:: {spelling.replace(' / ', ', ')}", "", f"   {escaped(told)}", "")


def paragraphs(text: str) -> Iterator[str]:
    """Help as reStructuredText; the lines of a paragraph are kept where click keeps them."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in paragraph.replace("\f", "").splitlines()]
        if lines and lines[0] == KEPT:
            yield from (f"| {escaped(line)}" for line in lines[1:])
        else:
            yield escaped(" ".join(lines))
        yield ""


def escaped(text: str) -> str:
    """Text as reStructuredText, in which pieces between backticks are code."""
    parts = re.sub(r"\s+", " ", text).split("`")
    return "".join(
        f"``{part}``" if inside % 2 else re.sub(r"([\\*|_<>])", r"\\\1", part)
        for inside, part in enumerate(parts)
    )


def all_there(app: Sphinx, env: Any) -> None:
    """Warn of headings that are on no page."""
    for heading in sorted({*SECTIONS} - {*env.command_headings.values()}):
        logging.getLogger(__name__).warning("the commands of %r are on no page", heading)


def purged(app: Sphinx, env: Any, docname: str) -> None:
    """Forget what a page had that is read again."""
    getattr(env, "command_headings", {}).pop(docname, None)


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("commands", Commands)
    app.connect("env-check-consistency", all_there)
    app.connect("env-purge-doc", purged)
    return {"parallel_read_safe": False, "parallel_write_safe": True}

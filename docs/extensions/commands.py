"""The directive `commands`: the help of every command below a heading of `embedkit --help`.

.. commands:: Queries

Each command becomes a section made by sphinx-click. A heading that no page has is a warning.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from embedkit_cli.main import SECTIONS


class Commands(SphinxDirective):
    """The commands of a heading, one after the other."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """A list of the commands, then what sphinx-click makes of each."""
        heading = self.arguments[0]
        if heading not in SECTIONS:
            raise self.error(f"no heading {heading!r}; there are {', '.join(SECTIONS)}")
        if not hasattr(self.env, "command_headings"):
            self.env.command_headings = {}
        self.env.command_headings[self.env.docname] = heading
        lines = []
        for name, summary in SECTIONS[heading].items():
            lines += [f"* `{name} <#embedkit-{name}>`__: {summary}"]
        for name in SECTIONS[heading]:
            module = name.replace("-", "_")
            lines += ["", f".. click:: embedkit_cli.commands.{module}:{module}", f"   :prog: embedkit {name}"]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def all_there(app: Sphinx, env: Any) -> None:
    """Warn of headings that are on no page."""
    for heading in {*SECTIONS} - {*env.command_headings.values()}:
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

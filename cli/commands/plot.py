"""embedkit plot."""

from __future__ import annotations

import click

from embedkit_cli.shared.lazy_group import LazyGroup

KINDS = {  # kind -> the first line of its help, so that the list imports none
    "words": "Plot words in a plane, near one another as their vectors are.",
    "neighbors": "Plot each WORD with the words nearest to it.",
    "categories": "Plot words of categories, each category in a color.",
    "analogy": "Plot the parallelogram of an analogy: A is to B as C is to D.",
    "changes": "Plot how the neighbors of WORD changed from one file of vectors to the next.",
    "history": "Plot the learning curves of models.",
}


class Kinds(LazyGroup):
    """A group whose commands are modules of `embedkit_cli.plots`, each imported when it is called."""

    package = "embedkit_cli.plots"
    noun = "kind"
    summaries = KINDS

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of kinds."""
        with formatter.section("Kinds"):
            formatter.write_dl(list(KINDS.items()))


@click.group("plot", cls=Kinds, subcommand_metavar="KIND [ARGS]...")
def plot() -> None:
    """Plot words, neighbors, categories, analogies, changes over time or learning curves.

    The suffix of the picture, .png, .svg or .pdf, decides its format.
    """

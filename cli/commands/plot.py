"""embedkit plot."""

from __future__ import annotations

from importlib import import_module

import click

from embedkit_cli.shared.repeated import refuse_repeated

KINDS = {  # kind -> the first line of its help, so that the list imports none
    "words": "Plot words in a plane, near one another as their vectors are.",
    "neighbors": "Plot each WORD with the words nearest to it.",
    "categories": "Plot words of categories, each category in a colour.",
    "analogy": "Plot the parallelogram of an analogy: A is to B as C is to D.",
    "changes": "Plot how the neighbours of WORD changed from one file of vectors to the next.",
    "history": "Plot the learning curves of models.",
}


class Kinds(click.Group):
    """A group whose commands are modules of `embedkit_cli.plots`, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all kinds of pictures."""
        return list(KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; its module is imported here."""
        if cmd_name not in KINDS:
            return None
        command: click.Command = getattr(import_module(f"embedkit_cli.plots.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of kinds."""
        with formatter.section("Kinds"):
            formatter.write_dl(list(KINDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the kind that `args` begin with; another one, or an option given twice, is an error."""
        if args[0] not in KINDS and not args[0].startswith("-"):
            raise click.UsageError(f"there is no kind {args[0]!r}; the kinds are {', '.join(KINDS)}", ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if command:
            refuse_repeated(command, rest, ctx)
        return name, command, rest


@click.group("plot", cls=Kinds, subcommand_metavar="KIND [ARGS]...")
def plot() -> None:
    """Plot words, neighbours, categories, analogies, changes over time or learning curves.

    The suffix of the picture, .png, .svg or .pdf, decides its format.
    """

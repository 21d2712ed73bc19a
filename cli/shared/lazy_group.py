"""`LazyGroup`: a group of commands, each a module of its own that is imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import click

from embedkit_cli.shared.repeated import refuse_repeated

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class LazyGroup(click.Group):
    """A group whose commands are known by the first lines of their help, so that listing imports none.

    A subclass says them by `summaries`, and where modules are by `package`.
    """

    package: str
    noun = "command"
    summaries: Mapping[str, str]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(self.summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name; its module is imported here."""
        if cmd_name not in self.summaries:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"{self.package}.{name}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that `args` begin with; a mistyped one, or an option given twice, is an error."""
        known = args[0] in self.summaries or args[0].startswith("-")
        if not known and not ctx.resilient_parsing:  # as it is where a shell asks for completions
            raise click.UsageError(f"there is no {self.noun} {args[0]!r}; {self._hint(args[0])}", ctx)
        name, command, rest = super().resolve_command(ctx, args)
        if command and not ctx.resilient_parsing:
            refuse_repeated(command, rest, ctx)
        return name, command, rest

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands, or the options of the group, that begin so; no command is imported."""
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=summary)
            for name, summary in self.summaries.items()
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def _hint(self, name: str) -> str:
        """The commands spelled like `name`, else all."""
        from difflib import get_close_matches

        close = get_close_matches(name, self.summaries)
        names = ", ".join(self.summaries)
        return f"did you mean {' or '.join(close)}?" if close else f"the {self.noun}s are {names}"

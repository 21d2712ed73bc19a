"""embedkit completion."""

from __future__ import annotations

import os
from pathlib import PurePath

import click

from embedkit_cli.shared.shells import INSTALL, completion_script

EPILOG = """\b
To install it for good:
bash: echo 'eval "$(embedkit completion bash)"' >> ~/.bashrc
zsh:  echo 'eval "$(embedkit completion zsh)"' >> ~/.zshrc, behind compinit
fish: embedkit completion fish > ~/.config/fish/completions/embedkit.fish
"""


@click.command(epilog=EPILOG)
@click.argument("shell", required=False, type=click.Choice(list(INSTALL)))
@click.pass_context
def completion(ctx: click.Context, shell: str | None) -> None:
    """Print the completion script of a shell.

    It completes commands, options, choices and names of files. SHELL is bash, zsh or fish; default: $SHELL.
    """
    chosen = shell or PurePath(os.environ.get("SHELL", "")).name
    if chosen not in INSTALL:
        raise click.UsageError(f"expected the name of a shell, {', '.join(INSTALL)}, as $SHELL is {chosen!r}")
    click.echo(completion_script(ctx.find_root().command, chosen))

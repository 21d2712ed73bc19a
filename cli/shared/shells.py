"""Completion in shells, by click: names of commands, options, choices, and files where nothing else fits."""

from __future__ import annotations

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

INSTALL = {  # by the name of the shell: how the script comes into it
    "bash": "echo 'eval \"$(embedkit completion bash)\"' >> ~/.bashrc",
    "zsh": "echo 'eval \"$(embedkit completion zsh)\"' >> ~/.zshrc",
    "fish": "embedkit completion fish > ~/.config/fish/completions/embedkit.fish",
}
COMPLETE = "_EMBEDKIT_COMPLETE"  # the variable by which shells ask for completions
KINDS: dict[str, type[ShellComplete]] = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}


class FilesElse:
    """Proposes files where click has nothing: many values may be files or names, and are plain text to it."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """What click proposes, else files."""
        found: list[CompletionItem] = super().get_completions(args, incomplete)  # type: ignore[misc]
        if found or incomplete.startswith("-"):
            return found
        return [CompletionItem(incomplete, type="file")]


def complete_files() -> None:
    """Let the completion of all shells propose files."""
    for name, kind in KINDS.items():
        add_completion_class(type(f"Files{kind.__name__}", (FilesElse, kind), {}), name)


def completion_script(command: click.Command, shell: str) -> str:
    """The script of a shell that asks `command` for completions, and how it is installed."""
    script = KINDS[shell](command, {}, "embedkit", COMPLETE).source()
    return f"# To install it for good: {INSTALL[shell]}\n{script.strip()}"

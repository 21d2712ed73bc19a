"""Options of checkpoints, and Ctrl-C where one can be saved: once to save and stop, twice to stop at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from embedkit import Checkpoint
from embedkit.checkpoints import MINUTES
from embedkit_cli.shared.common_options import Function
from embedkit_cli.shared.headings import under
from embedkit_cli.shared.interrupts import Terminated

CHECKPOINTS = "Checkpoints"
SAVING = b"\nSaving what is done, to go on from there; once more to stop at once and lose that\n"


@dataclass(frozen=True)
class Saving:
    """How often checkpoints are saved, and whether those that are there count."""

    minutes: float
    restart: bool

    @contextmanager
    def beside(self, output: Path) -> Iterator[Checkpoint]:
        """Checkpoints of what is written to `output` in the block; Ctrl-C and SIGTERM save one and end it."""
        asked: list[KeyboardInterrupt] = []

        def ask(number: int, _: object) -> None:
            interrupt = Terminated() if number == signal.SIGTERM else KeyboardInterrupt()
            if asked or not checkpoint.running:
                raise interrupt
            asked.append(interrupt)
            with suppress(OSError):
                os.write(2, SAVING)

        def stop() -> KeyboardInterrupt | None:
            return asked[0] if asked else None

        checkpoint = Checkpoint(output, minutes=self.minutes, restart=self.restart, stop=stop)
        with _handled(ask), checkpoint:
            yield checkpoint


def restart_option(function: Function) -> Function:
    """Give a command the option --restart; it receives `saving`."""

    @wraps(function)
    def command(*args: Any, restart: bool, checkpoint_minutes: float = MINUTES, **values: Any) -> Any:
        return function(*args, saving=Saving(checkpoint_minutes, restart), **values)

    return click.option(
        "--restart",
        is_flag=True,
        help="Begin anew, also where an interrupted run of the same command would go on.",
        **under(CHECKPOINTS),
    )(command)  # type: ignore[return-value]


def checkpoint_options(function: Function) -> Function:
    """Give a command the options --checkpoint-minutes and --restart; it receives them as `saving`."""
    return click.option(
        "--checkpoint-minutes",
        type=click.FloatRange(min=0),
        default=MINUTES,
        show_default=True,
        metavar="X",
        help="Minutes between checkpoints, from which the same command goes on after an interruption; more "
        "if saving takes over 2 % of the time; 0 for none but on Ctrl-C.",
        **under(CHECKPOINTS),
    )(restart_option(function))


@contextmanager
def _handled(handler: Callable[[int, Any], None]) -> Iterator[None]:
    """Let a function handle Ctrl-C and SIGTERM in the block, each unless it is ignored, as by nohup."""
    before = {
        number: signal.signal(number, handler)
        for number in (signal.SIGINT, signal.SIGTERM)
        if callable(signal.getsignal(number))
    }
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)

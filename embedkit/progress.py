"""Progress reports: a bar on a terminal, plain lines elsewhere, silence in libraries.

A long-running function takes `progress: Progress = SILENT` and reports through it; only the command line
asks for `console_progress()`.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

LINE_INTERVAL = 5.0  # seconds between plain lines
DUMB = ("dumb", "unknown")  # values of TERM for terminals that show lines and no more


class Progress:
    """Receives reports and says nothing; the base of those that show them.

    As a context manager it leaves a clean screen behind, also when the work is interrupted.
    """

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to take away."""

    def start(self, task: str, total: float | None = None) -> None:
        """Begin `task`; `total` is the amount of work, None when unknown (a stream)."""

    def go_on(self, completed: float) -> None:
        """Say how much of the task an earlier run has done."""

    def update(self, completed: float, figures: str = "") -> None:
        """Say how much of the task is done, with figures worth watching, e.g. "5.1 M words/s"."""

    def finish(self, summary: str = "") -> None:
        """End the task; `summary` stays on the screen."""

    def note(self, message: str) -> None:
        """Say something that is not progress, such as a warning."""


SILENT = Progress()


class LineProgress(Progress):
    """A plain line every few seconds on stderr: for logs, pipes and continuous integration."""

    def start(self, task: str, total: float | None = None) -> None:
        """Begin `task`."""
        self._task, self._total, self._begin = task, total, time.monotonic()
        self._last, self._before = self._begin, 0.0

    def go_on(self, completed: float) -> None:
        """Judge the speed by what is done from now on."""
        self._before = completed

    def update(self, completed: float, figures: str = "") -> None:
        """Print how far the task is, and how long it will take, if the last line is old enough."""
        now = time.monotonic()
        if now - self._last < LINE_INTERVAL:
            return
        self._last = now
        parts = [figures] if figures else []
        if self._total and completed > self._before:
            left = (now - self._begin) * (self._total - completed) / (completed - self._before)
            parts = [f"{completed / self._total:.0%}", *parts, f"{left:.0f} s left"]
        self.note(f"{self._task}: {', '.join(parts)}")

    def finish(self, summary: str = "") -> None:
        """Print the summary with the time the task took."""
        seconds = time.monotonic() - self._begin
        self.note(f"{self._task}: {summary or 'done'} ({seconds:.1f} s)")

    def note(self, message: str) -> None:
        """Print `message` to stderr."""
        sys.stderr.write(message + "\n")
        sys.stderr.flush()


class BarProgress(LineProgress):
    """A bar on stderr that rewrites itself: for a person at a terminal."""

    _bar: RichProgress | None = None
    _row: TaskID

    def start(self, task: str, total: float | None = None) -> None:
        """Begin `task` with an empty bar."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        super().start(task, total)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TextColumn("{task.fields[figures]}", style="cyan"),
            TimeRemainingColumn(compact=True),
        )
        self._close()
        self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._row = self._bar.add_task(task, total=total, figures="")
        self._bar.start()

    def update(self, completed: float, figures: str = "") -> None:
        """Move the bar."""
        if self._bar:
            self._bar.update(self._row, completed=completed, figures=figures)

    def finish(self, summary: str = "") -> None:
        """Take the bar away and leave the summary."""
        self._close()
        super().finish(summary)

    def note(self, message: str) -> None:
        """Print `message` above the bar."""
        if self._bar:
            self._bar.console.print(message, markup=False, highlight=False)
        else:
            super().note(message)

    def __exit__(self, *_: object) -> None:
        """Take away a bar that was not finished."""
        self._close()

    def _close(self) -> None:
        if self._bar:
            self._bar.stop()
            self._bar = None


def console_progress(quiet: bool = False) -> Progress:
    """What the command line shows: nothing if `quiet`, a bar on a terminal, else plain lines."""
    if quiet:
        return SILENT
    return BarProgress() if is_terminal(sys.stderr) else LineProgress()


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream, None if it is closed, is a terminal that can rewrite lines and show colors."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") not in DUMB

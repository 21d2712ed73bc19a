"""`AtWork`: tells that a command is at work, and for how long, where it has said nothing for a while.

Commands report what they do by `embedkit.progress`, with the time that is left. Reading, changing and writing
large files of vectors do not; nobody shall wonder whether they hang.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from threading import Event, Thread
from typing import Self, TextIO

from embedkit import progress
from embedkit.progress import is_terminal
from embedkit_cli.shared.streams import GuardedStream

PATIENCE = 2.0  # seconds of silence at a terminal
LINES = 6  # intervals of lines of progress that are silent elsewhere
LONGEST = 3600.0  # seconds that a thread waits
SERVERS = ("serve", "explore")  # commands that wait for questions
STDIN = "-"
CLEAR = "\r\x1b[K"  # the line that rewrites itself, away


class AtWork:
    """Counts the seconds on a stream while the block of a `with` says nothing.

    At a terminal it is a line that rewrites itself, elsewhere one every half a minute.

    Args:
        stream: the real stderr, on which others write only after `said`.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._clock = stream, clock
        self._terminal = is_terminal(stream)
        self._over, self._begin = Event(), clock()
        self._heard, self._shown = self._begin, False
        self._thread = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        with suppress(RuntimeError):  # the system lets no thread start (ulimit -u): nobody needs this one
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def said(self) -> None:
        """Take the line away, as something else is going to be said, and wait for the next silence."""
        self._heard = self._clock()
        if self._shown:
            self._shown = False
            self._stream.write(CLEAR)
            self._stream.flush()

    def end(self) -> None:
        """Say nothing from now on."""
        self._over.set()
        self.said()

    def _watch(self) -> None:
        tick = 1.0 if self._terminal else min(progress.LINE_INTERVAL, LONGEST)
        while not self._over.wait(tick):
            now = self._clock()
            if now - self._heard < (PATIENCE if self._terminal else LINES * progress.LINE_INTERVAL):
                continue
            told = f"at work for {now - self._begin:.0f} s"
            if self._terminal:
                self._shown = True
                self._stream.write(f"{CLEAR}{told}")
            else:
                self._heard = now
                self._stream.write(f"{told}\n")
            self._stream.flush()


def watched_silence(arguments: Sequence[str]) -> AbstractContextManager[object]:
    """What tells that the command line is at work, until it answers; nothing where it waits for somebody."""
    out, err = sys.stdout, sys.stderr
    waits = {STDIN, "-q", "--quiet", *SERVERS}.intersection(arguments)
    if waits or not isinstance(err, GuardedStream) or not isinstance(out, GuardedStream):
        return nullcontext()
    watch = AtWork(err.unguarded)
    out.before_write, err.before_write = watch.end, watch.said
    return watch

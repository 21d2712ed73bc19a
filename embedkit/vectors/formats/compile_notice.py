"""Saying that kernels compile: it happens once on a machine, and takes seconds in which nothing is seen.

Importing this module imports numba.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from numba.core.event import Event, Listener, install_listener

NOTICE = "compiling the loops that read and write vectors as text, once; this takes a few seconds"


@contextmanager
def compile_notice() -> Iterator[None]:
    """Warn when numba compiles something in the block; what it finds on disk it does not compile."""
    with install_listener("numba:compile", _Notice()):
        yield


class _Notice(Listener):
    """Warns of the first compilation; those of the functions it calls begin and end within it."""

    _given = False

    def on_start(self, event: Event) -> None:
        """Called when a compilation begins, in the thread that compiles."""
        if not self._given:
            self._given = True
            warnings.warn(NOTICE, stacklevel=2)

    def on_end(self, event: Event) -> None:
        """Called when a compilation ends."""

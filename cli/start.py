"""The way in: an interrupt while the program is loaded, or when all is done, leaves no traceback."""

from __future__ import annotations

import _signal as signal  # built in: `signal` loads `enum`, and an interrupt in there would leave a traceback
import os
import sys


def main() -> None:
    """Load and run the command line."""
    handled = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # it may be ignored, as by nohup
    if handled:
        signal.signal(signal.SIGINT, _end)
    from embedkit_cli.main import main as run
    from embedkit_cli.shared.interrupts import come_again

    sys.unraisablehook = come_again
    if handled:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        run()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)  # no more Python code to be interrupted


def _end(*_: object) -> None:
    os.write(2, b"Interrupted before anything was begun\n")
    os._exit(128 + signal.SIGINT)

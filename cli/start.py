"""The way in: an interrupt while the program is loaded, or when all is done, leaves no traceback.

Of too little memory numpy's BLAS would tell in its own words, or wait for ever: then nothing is loaded.
"""

from __future__ import annotations

import _signal as signal  # built in: `signal` loads `enum`, and an interrupt in there would leave a traceback
import os
import sys

try:
    import resource
except ImportError:  # Windows, which has no such limits
    resource = None  # type: ignore[assignment]

LEAST = 250 << 20  # bytes of addresses with which numpy and scipy can be loaded


def main() -> None:
    """Load and run the command line."""
    if refused := too_few_addresses():
        sys.stderr.write(f"Error: {refused}\n")
        sys.exit(2)
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


def too_few_addresses() -> str:
    """What is to be said of a limit of memory in which nothing can be computed, "" else."""
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0] if resource else -1
    if not 0 <= allowed < LEAST:  # -1 is no limit
        return ""
    return (
        f"not enough memory: {LEAST >> 10:,} KB of addresses are needed at least, and {allowed >> 10:,} are "
        "allowed; raise the limit (ulimit -v)"
    )


def _end(*_: object) -> None:
    os.write(2, b"Interrupted before anything was begun\n")
    os._exit(128 + signal.SIGINT)

"""How long a person waits for a command that does not train, in a fresh process, on what ships."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

from embedkit.shipped_files import shipped_path

REPEATS = 9
PROGRAM = str(Path(sys.executable).with_name("embedkit"))
COMMANDS = {
    "--help": ["--help"],
    "analogy man woman king": ["analogy", "man", "woman", "king"],
    "neighbors guitar": ["neighbors", "guitar"],
    "similarity coffee tea": ["similarity", "coffee", "tea"],
    "odd-one-out breakfast lunch dinner river": ["odd-one-out", "breakfast", "lunch", "dinner", "river"],
    "info, of the English vectors": ["info", str(shipped_path("english.safetensors"))],
    "info, of the sentiment model": ["info", str(shipped_path("sentiment.safetensors"))],
    'classify "a waste of two hours"': ["classify", "a waste of two hours"],
    'emojify "I love you"': ["emojify", "I love you"],
    "evaluate --list": ["evaluate", "--list"],
}


def run():
    """Rows of (what, embedkit, gensim, ratio); the commands take turns, so that all meet the same machine."""
    seconds = {name: [] for name in COMMANDS}
    for _ in range(REPEATS + 1):
        for name, arguments in COMMANDS.items():
            seconds[name].append(cold_start([PROGRAM, *arguments]))
    return [_row(name, counted[1:]) for name, counted in seconds.items()]


def cold_start(command, **options):
    """The seconds that a command takes as a process of its own."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, **options)
    return time.perf_counter() - begin


def _row(name, seconds):
    return {
        "what": f"embedkit {name}",
        "embedkit": f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})",
        "gensim": "",
        "ratio": "",
    }


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

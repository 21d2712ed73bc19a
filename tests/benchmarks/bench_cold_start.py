"""How long a person waits for `embedkit analogy man woman king`, the shipped vectors, in a fresh process."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

REPEATS = 9
COMMAND = [str(Path(sys.executable).with_name("embedkit")), "analogy", "man", "woman", "king"]


def run():
    """One row of (what, embedkit, gensim, ratio)."""
    seconds = []
    for _ in range(REPEATS + 1):
        begin = time.perf_counter()
        subprocess.run(COMMAND, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begin)
    counted = seconds[1:]
    return [
        {
            "what": "embedkit analogy man woman king, cold process",
            "embedkit": f"{statistics.median(counted):.2f} s ({min(counted):.2f} to {max(counted):.2f})",
            "gensim": "",
            "ratio": "",
        }
    ]


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

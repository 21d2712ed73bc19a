"""How long a person waits for a command that does not train, in a fresh process, on what ships.

Seconds of wall time, and of processor, which other work on the machine hardly changes; threads of BLAS that
wait for work count in the latter.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import embedkit
from embedkit.shipped_files import shipped_path

REPEATS = 9
PROGRAM = str(Path(sys.executable).with_name("embedkit"))
ENGLISH, SENTIMENT = (str(shipped_path(f"{name}.safetensors")) for name in ("english", "sentiment"))
LABELED = "label\ttext\npositive\tgreat fun\nnegative\ta waste of two hours\n"


class ColdStart(NamedTuple):
    """The seconds that a process took."""

    wall: float
    processor: float


def commands(folder):
    """What is measured -> its arguments; the files that are read and written are in `folder`."""
    text, texts, made = folder / "vectors.vec", folder / "texts.tsv", folder / "made"
    embedkit.Embeddings.load(ENGLISH, limit=1000).save(text)
    texts.write_text(LABELED, encoding="utf-8")
    return {
        "--help": ["--help"],
        "analogy man woman king": ["analogy", "man", "woman", "king"],
        "neighbors guitar": ["neighbors", "guitar"],
        "similarity coffee tea": ["similarity", "coffee", "tea"],
        "odd-one-out breakfast lunch dinner river": ["odd-one-out", "breakfast", "lunch", "dinner", "river"],
        "neighbors the, vectors as text, 1 MB": ["neighbors", "the", "-v", str(text)],
        "info, of the English vectors": ["info", ENGLISH],
        "info, of the sentiment model": ["info", SENTIMENT],
        "info, of vectors as text, 1 MB": ["info", str(text)],
        "convert, the English vectors to .bin": ["convert", ENGLISH, f"{made}.bin"],
        "convert, 1,000 of them to text": ["convert", ENGLISH, f"{made}.vec", "--top", "1000"],
        "convert, text to .safetensors": ["convert", str(text), f"{made}.safetensors"],
        'classify "a waste of two hours"': ["classify", "a waste of two hours"],
        "classify -m FILE": ["classify", "-m", SENTIMENT, "a waste of two hours"],
        "evaluate-classifier, two texts": ["evaluate-classifier", SENTIMENT, str(texts)],
        'emojify "I love you"': ["emojify", "I love you"],
        "evaluate --list": ["evaluate", "--list"],
        "evaluate -b english-outliers": ["evaluate", "-b", "english-outliers"],
        "evaluate -b english-similarity": ["evaluate", "-b", "english-similarity"],
        "bias --help": ["bias", "--help"],
        "bias --weat": ["bias", "--weat"],
        "bias": ["bias"],
        "debias": ["debias"],
    }


def run():
    """Rows of (what, embedkit, gensim, ratio); the commands take turns, so that all meet the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        asked = commands(Path(folder))
        taken = {name: [] for name in asked}
        for _ in range(REPEATS + 1):
            for name, arguments in asked.items():
                taken[name].append(cold_start([PROGRAM, *arguments]))
    return [_row(name, starts[1:]) for name, starts in taken.items()]


def cold_start(command, env=os.environ, **options):
    """The seconds of a command as a process of its own, which after its first run finds bytecode on disk."""
    kept = {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, begin = _processor(), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=kept, **options)
    return ColdStart(time.perf_counter() - begin, _processor() - before)


def _processor():
    """The seconds of processor that all ended children took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def told(starts):
    """The medians of several."""
    wall, processor = map(statistics.median, zip(*starts, strict=True))
    return f"{wall:.2f} s, {processor:.2f} s of processor"


def _row(name, starts):
    seconds = [start.wall for start in starts]
    return {
        "what": f"embedkit {name}",
        "embedkit": f"{told(starts)} ({min(seconds):.2f} to {max(seconds):.2f})",
        "gensim": "",
        "ratio": "",
    }


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

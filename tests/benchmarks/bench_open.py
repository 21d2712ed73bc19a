"""How long vectors take to open and to answer first, in a fresh process, beside gensim's memory-mapped ones.

`python -m tests.benchmarks.bench_open [WORDS DIMENSIONS]`, else on three sizes, of which the largest, that of
GloVe 840B, needs 8 GB of temporary files. Files are in the page cache. Memory is what a process has for
itself (RssAnon) beyond what it had before the file was opened; pages of the file are shared with others.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from gensim.models import KeyedVectors

from embedkit import Embeddings, Vocabulary
from embedkit.vectors.rows import ROW_TYPES

REPEATS = 3
SIZES = ((50_000, 96), (400_000, 300), (2_200_000, 300))
BLOCK = 1 << 16
ASKED = """
import json, sys, time
from pathlib import Path

def own():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1000

tool, path = sys.argv[1:]
if tool == "gensim":
    from gensim.models import KeyedVectors
    load, neighbors = lambda: KeyedVectors.load(path, mmap="r"), "most_similar"
else:
    from embedkit import Embeddings
    load, neighbors = lambda: Embeddings.load(path), "neighbors"

def now():
    return time.perf_counter(), time.process_time()

before, times = own(), [now()]
vectors = load()
times.append(now())
opened = own() - before
vectors.similarity("word7", "word49000")
times.append(now())
getattr(vectors, neighbors)("word123")
times.append(now())
spent = [1000 * (b - a) for first, then in zip(times, times[1:]) for a, b in zip(first, then)]
print(json.dumps([*spent, opened, own() - before]))
"""
TIMED = ("open", "first similarity", "first neighbors")
MEASURED = (
    *(f"{name}{kind}" for name in TIMED for kind in ("", ", processor")),
    "memory, opened",
    "memory, neighbors found",
)


def run(sizes=SIZES):
    """Rows of (what, embedkit, gensim, ratio)."""
    rows = []
    for words, size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            rows += _rows(f"{words:,} x {size}", _files(Path(folder), words, size))
    return rows


def _files(folder, words, size):
    """The same random vectors in files of embedkit, one for each type of numbers, and of gensim."""
    matrix = np.lib.format.open_memmap(folder / "m.npy", "w+", np.float32, (words, size))
    random = np.random.default_rng(0)
    for start in range(0, words, BLOCK):
        block = matrix[start : start + BLOCK]
        block[:] = random.standard_normal(block.shape, np.float32)
    del matrix
    names = [f"word{number}" for number in range(words)]
    counts = np.arange(words, 0, -1)
    vectors = Embeddings(np.load(folder / "m.npy", "r"), Vocabulary(names, counts))
    files = {dtype: folder / f"{dtype}.safetensors" for dtype in ROW_TYPES}
    for dtype, path in files.items():
        vectors.save(path, dtype=dtype)
    keyed = KeyedVectors(size)
    keyed.index_to_key, keyed.vectors = names, vectors.matrix
    keyed.key_to_index = dict(zip(names, range(words), strict=True))
    keyed.save(str(folder / "keyed"), sep_limit=1)
    (folder / "m.npy").unlink()
    return {**files, "gensim": folder / "keyed"}


def _rows(what, files):
    turns = [{name: _asked(name, path) for name, path in files.items()} for _ in range(REPEATS + 1)]
    medians = {
        name: [statistics.median(turn[name][i] for turn in turns[1:]) for i in range(len(MEASURED))]
        for name in files
    }
    gensim = medians.pop("gensim")
    return [
        {
            "what": f"{what} {dtype}: {measured}",
            "embedkit": f"{ours[place]:,.1f} {unit}",
            "gensim": f"{gensim[place]:,.1f} {unit}" if dtype == "float32" else "",
            "ratio": f"{gensim[place] / max(ours[place], 0.01):,.1f}" if dtype == "float32" else "",
        }
        for dtype, ours in medians.items()
        for place, measured in enumerate(MEASURED)
        for unit in ["MB" if measured.startswith("memory") else "ms"]
    ]


def _asked(name, path):
    command = [sys.executable, "-c", ASKED, name, str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


if __name__ == "__main__":
    given = [tuple(map(int, sys.argv[1:]))] if sys.argv[1:] else SIZES
    for row in run(given):
        sys.stdout.write(" | ".join(row.values()) + "\n")

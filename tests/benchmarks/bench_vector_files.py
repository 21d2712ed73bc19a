"""Loading and writing vectors as text and binary, beside gensim: seconds, and peak memory.

`python -m tests.benchmarks.bench_vector_files [WORDSxDIMENSIONS ...]`, by default three sizes. Each run is a
process of its own, in which the same work was done once on few words before; both tools take turns, and the
median counts. Memory is the peak while the work is done, above what the process took before; of loading, it
is also told as a multiple of the matrix. What gensim takes beyond MAX_GENSIM numbers as text is not waited
for.

`python -m tests.benchmarks.bench_vector_files huge` makes a GloVe file of 2.2 million words of 300
dimensions, as large as that of 840 billion tokens (6 GB, in the temporary folder), and loads it once.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

SIZES = ((50_000, 100), (200_000, 100), (400_000, 300))
REPEATS = 3
MAX_GENSIM = 50_000_000  # numbers
HUGE = (2_196_017, 300)
CHUNK = 20_000  # rows of numbers that differ
MEASURE = """
import json, re, sys, time, warnings
from pathlib import Path
tool, task, path, binary, small = sys.argv[1:]
warnings.simplefilter("ignore")
if tool == "embedkit":
    from embedkit import Embeddings
    from embedkit.vectors.formats import format_kernels, parse_kernels
    def load(path): return Embeddings.load(path)
    def save(vectors, path): vectors.save(path)
else:
    from gensim.models import KeyedVectors
    def load(path): return KeyedVectors.load_word2vec_format(path, binary=path.endswith(".bin"))
    def save(vectors, path): vectors.save_word2vec_format(path, binary=path.endswith(".bin"))
def kilobytes(name):
    return int(re.search(name + r":\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
warm = load(small)
save(warm, path + ".written" + path[-4:])
vectors = load(binary) if task == "write" else None
Path("/proc/self/clear_refs").write_text("5")
before, begin = kilobytes("VmRSS"), time.perf_counter()
if task == "load":
    vectors = load(path)
else:
    save(vectors, path + ".written" + path[-4:])
seconds = time.perf_counter() - begin
print(json.dumps({"seconds": seconds, "kilobytes": kilobytes("VmHWM") - before}))
"""


def run(sizes=SIZES):
    """A row for each size, format and task."""
    for words, size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for suffix in (".bin", ".txt"):
                path, small = Path(folder, f"v{suffix}"), Path(folder, f"small{suffix}")
                _make(path, words, size)
                _make(small, 10_000, size)
                for task in ("load", "write"):
                    yield _row(path, small, task, words, size)


def _make(path, words, size):
    """Random vectors of random words."""
    from embedkit.vectors.formats.contents import VectorContents
    from embedkit.vectors.formats.writing import write

    matrix = np.random.default_rng(1).normal(0, 0.3, (words, size)).astype(np.float32)
    write(path, VectorContents(_words(0, words), matrix))


def _make_huge(path, words, size):
    """Lines as Stanford's GloVe writes them; every so many words the same numbers come again."""
    matrix = np.random.default_rng(1).normal(0, 0.3, (CHUNK, size))
    vectors = [" ".join(row) + "\n" for row in np.char.mod("%.5g", matrix)]
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, words, CHUNK):
            names = _words(start, min(CHUNK, words - start))
            file.writelines(f"{name} {vector}" for name, vector in zip(names, vectors, strict=False))


def _words(start, count):
    """Different words of usual lengths."""
    return [f"{number * 2654435761 % 2**32:x}"[:11] for number in range(start, start + count)]


def _row(path, small, task, words, size):
    tools = ["embedkit"]
    if path.suffix == ".bin" or words * size <= MAX_GENSIM:
        tools.append("gensim")
    runs = {tool: [] for tool in tools}
    for _ in range(REPEATS):
        for tool in tools:
            runs[tool].append(_measured(tool, task, path, small))
    matrix = words * size * 4 / 1e6
    row = {"what": f"{task} {words:,} x {size} as {'text' if path.suffix == '.txt' else 'binary'}"}
    for tool in tools:
        seconds = statistics.median(run["seconds"] for run in runs[tool])
        peak = statistics.median(run["kilobytes"] for run in runs[tool]) * 1.024e-3
        times = f", {peak / matrix:.2f} x the matrix" if task == "load" else ""
        row[tool] = f"{seconds:.2f} s, {peak:.0f} MB{times}"
    if len(tools) > 1:
        medians = [statistics.median(run["seconds"] for run in runs[tool]) for tool in ("gensim", "embedkit")]
        row["ratio"] = f"{medians[0] / medians[1]:.1f}"
    return row


def _measured(tool, task, path, small):
    paths = map(str, (path, path.with_suffix(".bin"), small))
    command = [sys.executable, "-c", MEASURE, tool, task, *paths]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def huge():
    """A row for a GloVe file of 2.2 million words, loaded once."""
    words, size = HUGE
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder, "v.txt"), Path(folder, "small.txt")
        _make_huge(path, words, size)
        _make(small, 10_000, size)
        run = _measured("embedkit", "load", path, small)
        peak, matrix = run["kilobytes"] * 1.024e-6, words * size * 4 / 1e9
        yield {
            "what": f"load {words:,} x {size} as GloVe text ({path.stat().st_size / 1e9:.1f} GB)",
            "embedkit": f"{run['seconds']:.1f} s, {peak:.2f} GB, {peak / matrix:.2f} x the matrix",
        }


if __name__ == "__main__":
    chosen = [tuple(map(int, text.split("x"))) for text in sys.argv[1:] if text != "huge"]
    for row in huge() if sys.argv[1:] == ["huge"] else run(chosen or SIZES):
        sys.stdout.write(" | ".join(row.values()) + "\n")
        sys.stdout.flush()

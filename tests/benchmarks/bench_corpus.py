"""Raw text to a corpus: words/s and peak memory, beside gensim's `simple_preprocess` on the same text.

`python -m tests.benchmarks.bench_corpus FILE`, or without FILE on simplewiki.txt and enwiki.txt (also
compressed) anywhere in the folder $EMBEDKIT_DATA. Compressed text is unpacked before the clock
starts. gensim only splits the text into tokens, in one process; embedkit also numbers them and writes the
corpus.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from embedkit.parallel.cores import available_cores
from tests.benchmarks.data import find, skipped, unpacked

REPEATS = 3
ENCODE = """
import json, resource, sys, time
from embedkit.text.corpus.corpus import Corpus
begin = time.perf_counter()
workers = int(sys.argv[3])
corpus = Corpus.encode(sys.argv[1], sys.argv[2], workers=workers)
seconds = time.perf_counter() - begin
own, child = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({"words": corpus.words, "seconds": seconds, "kilobytes": own + workers * child}))
"""


def run(file=None):
    """Rows of (what, embedkit, gensim, ratio); or one row that says why there is nothing to measure."""
    sources = [Path(file)] if file else [find("simplewiki.txt"), find("enwiki.txt")]
    if None in sources:
        return skipped("corpus")
    with tempfile.TemporaryDirectory() as folder:
        return [row for source in sources for row in _measure_both(unpacked(source, folder))]


def _measure_both(text):
    """The rows of a text in lines, and one of the same text in one line, the worst shape for the memory."""
    rows = _measure(text)
    line = text.with_name("line.txt")
    line.write_bytes(text.read_bytes().replace(b"\n", b" "))
    cores = available_cores()
    return [*rows, _row("text in one line", cores, [_encode(line, cores) for _ in range(REPEATS)])]


def _measure(text):
    cores = available_cores()
    every = [(_encode(text, 1), _encode(text, cores), _simple_preprocess(text)) for _ in range(REPEATS)]
    one, all_cores, gensim = zip(*every, strict=True)
    theirs = statistics.median(gensim)
    return [_row("text", processes, runs, theirs) for processes, runs in ((1, one), (cores, all_cores))]


def _row(what, processes, runs, theirs=None):
    words = runs[0]["words"]
    ours = statistics.median(run["seconds"] for run in runs)
    memory = max(run["kilobytes"] for run in runs) / 1e6
    return {
        "what": f"{words / 1e6:.1f} M words of {what} to a corpus, {processes} processes",
        "embedkit": f"{words / ours / 1e6:.2f} M words/s, {memory:.2f} GB at most",
        "gensim": f"{words / theirs / 1e6:.2f} M words/s, tokens only" if theirs else "not measured",
        "ratio": f"{theirs / ours:.1f}" if theirs else "",
    }


def _encode(text, workers):
    """One run in a process of its own; its memory is the sum of the peaks of all processes."""
    command = [sys.executable, "-c", ENCODE, str(text), str(text.with_name("corpus")), str(workers)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def _simple_preprocess(text):
    """The seconds gensim takes to tokenize the text."""
    from gensim.utils import simple_preprocess

    begin = time.perf_counter()
    with text.open(encoding="utf-8") as lines:
        for line in lines:
            simple_preprocess(line)
    return time.perf_counter() - begin


if __name__ == "__main__":
    for row in run(*sys.argv[1:]):
        sys.stdout.write(" | ".join(row.values()) + "\n")

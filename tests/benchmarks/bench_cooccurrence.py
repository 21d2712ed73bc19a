"""Counting co-occurrences: seconds and peak memory, beside Stanford's C programs on the same tokens.

`python -m tests.benchmarks.bench_cooccurrence`, with $EMBEDKIT_DATA set, and $GLOVE_PROGRAMS the folder of
Stanford's programs vocab_count, cooccur and shuffle. Those read text that is already tokenized and leave
counts that their trainer takes; embedkit's seconds are from raw text to the file of counts, tokenizing
included, and from a corpus to that file. Every run is a process of its own. Where all cores are shared with
other work, compare the seconds of processor time.
"""

import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from embedkit import Corpus
from tests.benchmarks.data import find, skipped

REPEATS = 3
COUNT = r"""
import json, re, sys
from pathlib import Path
from embedkit import Cooccurrences
from embedkit.progress import Progress

class Notes(Progress):
    runs = 1
    def note(self, message):
        if message.startswith("merging"):
            self.runs = int(message.split()[1])

source, target, memory = sys.argv[1:]
notes = Notes()
counts = Cooccurrences.count(source, target, memory=memory, progress=notes)
peak = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])  # kB
print(json.dumps({"nonzeros": counts.nonzeros, "runs": notes.runs, "gigabytes": peak / 1e6}))
"""
STANFORD = """set -e
"$0/vocab_count" -min-count 5 -verbose 0 < text.txt > vocab.txt
"$0/cooccur" -window-size 10 -vocab-file vocab.txt -memory 8 -overflow-file o -verbose 0 < text.txt > counts
"$0/shuffle" -memory 8 -seed 1 -temp-file t -verbose 0 < counts > shuffled
"""


def run():
    """Rows of (what, embedkit, gensim, ratio)."""
    simple, english = find("simplewiki.txt"), find("enwiki.txt")
    if not simple or not english:
        yield from skipped("co-occurrences")
        return
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        small = Corpus.encode(simple, folder / "small")
        _count(small.path, folder, "4GB")  # compiles
        yield from _beside_stanford(simple, small, folder)
        large = Corpus.encode([simple, english], folder / "large")
        for memory in ("4GB", "1GB", "200MB"):
            yield _bounded(large, folder, memory)


def _beside_stanford(text, corpus, folder):
    """Raw text to counts, and a corpus to counts, each beside Stanford's programs, one after the other."""
    with (folder / "text.txt").open("w", encoding="utf-8") as stream:
        words = corpus.vocabulary.words
        stream.writelines(" ".join(words[word] for word in ids.tolist()) + "\n" for ids in corpus)
    every = [
        (_count(text, folder, "4GB"), _count(corpus.path, folder, "4GB"), _stanford(folder))
        for _ in range(REPEATS)
    ]
    whole, counting, theirs = zip(*every, strict=True)
    what = f"{corpus.words / 1e6:.1f} M words"
    return [
        _row(f"{what} of text to co-occurrence counts", whole, theirs),
        _row(f"{what} of a corpus to co-occurrence counts", counting, theirs),
    ]


def _row(what, ours, theirs):
    row = {"what": what, "embedkit": _told(ours), "gensim": "not measured", "ratio": ""}
    if None not in theirs:
        ratios = [other["seconds"] / own["seconds"] for own, other in zip(ours, theirs, strict=True)]
        row["gensim"] = f"Stanford's C: {_told(theirs)}"
        row["ratio"] = f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
    return row


def _bounded(corpus, folder, memory):
    """The row of one run within `memory`; the hash shows that the result does not depend on it."""
    ran = _count(corpus.path, folder, memory)
    digest = hashlib.sha256((folder / "counts").read_bytes()).hexdigest()[:8]
    runs = f"{ran['runs']} run{'s' * (ran['runs'] > 1)}"
    return {
        "what": f"{corpus.words / 1e6:.1f} M words of a corpus to counts, memory={memory}",
        "embedkit": f"{_told([ran])}, {runs}, {ran['nonzeros'] / 1e6:.1f} M counts, sha256 {digest}",
        "gensim": "",
        "ratio": "",
    }


def _told(runs):
    seconds, processor = (statistics.median(run[name] for run in runs) for name in ("seconds", "processor"))
    memory = max(run["gigabytes"] for run in runs)
    return f"{seconds:.1f} s ({processor:.1f} s of processor), {memory:.2f} GB at most"


def _count(source, folder, memory):
    command = [sys.executable, "-c", COUNT, str(source), str(folder / "counts"), memory]
    ran = _timed(command, folder)
    return {**ran, **json.loads(ran["output"])}


def _stanford(folder):
    programs = os.environ.get("GLOVE_PROGRAMS")
    return _timed(["sh", "-c", STANFORD, programs], folder) if programs else None


def _timed(command, folder):
    """Seconds by the clock and of processor time; the memory is the largest of any process so far.

    That includes this process, whose size a child inherits until it starts its program.
    """
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(command, cwd=folder, check=True, capture_output=True, env=_environment())
    seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": seconds,
        "processor": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "gigabytes": after.ru_maxrss / 1e6,
        "output": ran.stdout,
    }


def _environment():
    """This process's, with the path by which it finds the packages."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

"""The same text from files of every kind to a corpus: words/s, processor time of reading alone, peak memory.

`python -m tests.benchmarks.bench_files FILE`, or without FILE on simplewiki.txt (also compressed) anywhere in
the folder $EMBEDKIT_DATA. Each line of the text is a row of the tables, between columns of numbers. All files
are read in turns; the ratio is that of the speed to the speed from a text file.
"""

import csv
import json
import statistics
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from tests.benchmarks.data import find, skipped, unpacked

REPEATS = 3
ENCODE = """
import json, resource, sys, time
from embedkit import Corpus
from embedkit.text.reading.blocks import read_blocks
from embedkit.text.reading.texts_in_memory import open_sources
begin = time.process_time()
for block in read_blocks(open_sources(sys.argv[1])):
    pass
reading, begin = time.process_time() - begin, time.perf_counter()
corpus = Corpus.encode(sys.argv[1], sys.argv[2])
seconds, memory = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
told = {"words": corpus.words, "fingerprint": corpus.fingerprint}
print(json.dumps({**told, "reading": reading, "seconds": seconds, "kilobytes": memory}))
"""


def run(file=None):
    """A row a kind of file; or one row that says why there is nothing to measure."""
    source = Path(file) if file else find("simplewiki.txt")
    if source is None:
        return skipped("files")
    with tempfile.TemporaryDirectory() as folder:
        files = _files(unpacked(source, folder))
        turns = [{path: _encode(path) for path in files} for _ in range(REPEATS)]
        assert len({run["fingerprint"] for turn in turns for run in turn.values()}) == 1
        plain = statistics.median(turn[files[0]]["seconds"] for turn in turns)
        return [_row(path, [turn[path] for turn in turns], plain) for path in files]


def _files(text):
    """The text in files of every kind, itself the first."""
    lines = text.read_text(encoding="utf-8").splitlines()
    rows = [(number, line, len(line)) for number, line in enumerate(lines)]
    names = ("id", "text", "length")
    tables = [text.with_suffix(suffix) for suffix in (".csv", ".jsonl", ".parquet")]
    with tables[0].open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([names, *rows])
    with tables[1].open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows)
    parquet.write_table(pa.table(dict(zip(names, zip(*rows, strict=True), strict=True))), tables[2])
    archives = [text.with_suffix(suffix) for suffix in (".zip", ".tar", ".tar.gz")]
    with zipfile.ZipFile(archives[0], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(text, text.name)
    for path, mode in zip(archives[1:], ("w", "w:gz"), strict=True):
        with tarfile.open(path, mode) as archive:
            archive.add(text, text.name)
    return [text, *tables, *archives]


def _encode(path):
    command = [sys.executable, "-c", ENCODE, str(path), str(path.with_name("corpus"))]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def _row(path, runs, plain):
    seconds, reading = (statistics.median(run[name] for run in runs) for name in ("seconds", "reading"))
    words, memory = runs[0]["words"], max(run["kilobytes"] for run in runs) / 1e6
    speed = (
        f"{words / seconds / 1e6:.2f} M words/s, {memory:.2f} GB at most, reading {reading:.2f} s of one core"
    )
    name = "".join(path.suffixes)
    return {
        "what": f"{words / 1e6:.1f} M words from {name} to a corpus",
        "embedkit": speed,
        "ratio": f"{plain / seconds:.2f}",
    }


if __name__ == "__main__":
    for row in run(*sys.argv[1:]):
        sys.stdout.write(" | ".join(row.values()) + "\n")

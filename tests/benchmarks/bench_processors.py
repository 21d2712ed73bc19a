"""Training on lesser processors: speed, and whether the same bytes come out, as numba compiles for each.

`python -m tests.benchmarks.bench_processors`, with $EMBEDKIT_DATA set. One thread, seconds of the processor,
each a process of its own, in turns.
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from embedkit import Corpus, Word2Vec
from embedkit.training.word2vec.trainer import Word2VecTrainer
from tests.benchmarks.data import find, skipped

REPEATS = 3
PIECES = 16  # of 65,536 positions
SETTINGS = (
    {"model": "skipgram", "vector_size": 100},
    {"model": "cbow", "vector_size": 100},
    {"model": "skipgram", "vector_size": 300},
)
AVX = "+sse4.2,+popcnt,+cx16,+avx"
PROCESSORS = {
    "this one": {},
    "AVX2": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": f"{AVX},+avx2,+fma,+f16c,+bmi2"},
    "AVX without FMA": {"NUMBA_CPU_NAME": "sandybridge", "NUMBA_CPU_FEATURES": f"{AVX},-avx2,-fma"},
}


def run():
    """Rows of (what, embedkit, gensim, ratio), the ratio to the speed on this processor."""
    source = find("simplewiki.txt")
    if not source:
        return skipped("processors")
    with tempfile.TemporaryDirectory() as folder:
        Corpus.encode(source, Path(folder, "corpus"))
        return [row for settings in SETTINGS for row in _compare(str(Path(folder, "corpus")), settings)]


def _compare(folder, settings):
    runs = {name: [] for name in PROCESSORS}
    for _ in range(REPEATS):
        for name, environment in PROCESSORS.items():
            runs[name].append(_measured(folder, settings, environment))
    told = ", ".join(str(value) for value in settings.values())
    for name, found in runs.items():
        ratios = [one["speed"] / own["speed"] for one, own in zip(found, runs[next(iter(runs))], strict=True)]
        yield {
            "what": f"{told}, {name}, one thread",
            "embedkit": f"{statistics.median(each['speed'] for each in found):.2f} M words/s, "
            f"sha256 {found[0]['digest']}",
            "gensim": "",
            "ratio": f"{statistics.median(ratios):.2f}",
        }


def _measured(folder, settings, environment):
    command = [sys.executable, "-m", "tests.benchmarks.bench_processors", folder, json.dumps(settings)]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, env={**os.environ, **environment})
    return json.loads(ran.stdout)


def measure(corpus, settings):
    """Million words a second of the processor's time, and the hash of the vectors, over the first pieces."""
    parameters = Word2Vec(**settings, sample=1e-4, epochs=1)
    trainer = Word2VecTrainer(parameters, corpus, corpus.vocabulary.prefix(min_count=parameters.min_count))
    trainer.compile()
    work, words = trainer.worker(0), 0
    begin = time.process_time()
    for piece, _ in zip(trainer.pieces(), range(PIECES), strict=False):
        work(piece)
        words += piece.stop - piece.start
    seconds = time.process_time() - begin
    return {
        "speed": words / seconds / 1e6,
        "digest": hashlib.sha256(trainer.inputs.tobytes()).hexdigest()[:12],
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(json.dumps(measure(Corpus.open(sys.argv[1]), json.loads(sys.argv[2]))))
    else:
        for row in run():
            sys.stdout.write(" | ".join(row.values()) + "\n")

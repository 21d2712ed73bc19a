"""`make bench`: run all benchmarks and print their table in Markdown."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks import (
    bench_accuracy,
    bench_cold_start,
    bench_cooccurrence,
    bench_corpus,
    bench_debias,
    bench_evaluation,
    bench_files,
    bench_glove,
    bench_phrases,
    bench_spaces,
    bench_svd,
    bench_training,
    bench_vector_files,
)

BENCHMARKS = (
    bench_cold_start,
    bench_corpus,
    bench_phrases,
    bench_files,
    bench_vector_files,
    bench_training,
    bench_cooccurrence,
    bench_evaluation,
    bench_debias,
    bench_spaces,
    bench_accuracy,
    bench_glove,
    bench_svd,
)
COLUMNS = ("what", "embedkit", "gensim", "ratio")


def main():
    """Print each row as soon as it is there."""
    sys.stdout.write(f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, ")
    sys.stdout.write(", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "gensim")) + "\n\n")
    sys.stdout.write(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}\n")
    for benchmark in BENCHMARKS:
        for row in benchmark.run():
            sys.stdout.write(f"| {' | '.join(row.get(column, '') for column in COLUMNS)} |\n")
            sys.stdout.flush()


def _processor():
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


main()

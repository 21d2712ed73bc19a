"""Spark MLlib's Word2Vec in local mode beside ours: words a second, and accuracy.

`python -m tests.benchmarks.bench_spark [WORDS]`, with $EMBEDKIT_DATA set, Java, and `pip install pyspark`.
Both train skip-gram with hierarchical softmax, the only way that MLlib knows, with the same vector size,
window, minimum count and passes, on two threads. MLlib averages what its partitions learned after each pass.
"""

import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np

from embedkit import Embeddings, Word2Vec
from embedkit.text.reading.lines import read_lines
from tests.benchmarks.data import find, google_answers, skipped, wordsim_correlation

WORDS = 1_000_000
THREADS = 2
SETTINGS = {"vector_size": 100, "window": 5, "min_count": 5, "epochs": 3, "learning_rate": 0.025}
LONGEST = 1000  # words of a sentence, as MLlib cuts them


def run(words=WORDS):
    """Rows of (what, embedkit, Spark MLlib, ratio)."""
    source = find("simplewiki.txt")
    if not source:
        return skipped("Spark")
    lines = list(_lines(source, words))
    total = sum(map(len, lines))
    ours, own = _timed(lambda: _embedkit(lines))
    theirs, other = _timed(lambda: _spark(lines))
    speeds = [total * SETTINGS["epochs"] / 1e6 / seconds for seconds in (own, other)]
    rows = [
        ("M words/s, with the start", *(f"{speed:.2f}" for speed in speeds), f"{speeds[0] / speeds[1]:.1f}")
    ]
    for name, score in (("Google analogies", _google), ("WordSim-353", wordsim_correlation)):
        scores = score(ours), score(theirs)
        rows.append((name, *(f"{value:.1f}" for value in scores), f"{scores[0] - scores[1]:+.1f}"))
    names = ("what", "embedkit", "Spark MLlib", "ratio or difference")
    return [dict(zip(names, row, strict=True)) for row in rows]


def _lines(source, words):
    """Lists of words, until there are so many."""
    for line in read_lines(source):
        if words <= 0:
            return
        tokens = line.lower().split()[:LONGEST]
        words -= len(tokens)
        yield tokens


def _timed(train):
    begin = time.perf_counter()
    return train(), time.perf_counter() - begin


def _google(vectors):
    return 100 * google_answers(vectors).mean()


def _embedkit(lines):
    return Word2Vec(**SETTINGS, sample=0, hierarchical_softmax=True, workers=THREADS).train(lines)


def _spark(lines):
    from pyspark.ml.feature import Word2Vec as SparkWord2Vec
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "text.txt")
        path.write_text("\n".join(map(" ".join, lines)), encoding="utf-8")
        session = (
            SparkSession.builder.master(f"local[{THREADS}]").config("spark.driver.memory", "6g").getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        table = session.read.text(str(path)).selectExpr("split(value, ' ') as words").repartition(THREADS)
        trainer = SparkWord2Vec(
            inputCol="words", outputCol="vector", vectorSize=SETTINGS["vector_size"],
            windowSize=SETTINGS["window"], minCount=SETTINGS["min_count"], maxIter=SETTINGS["epochs"],
            stepSize=SETTINGS["learning_rate"], numPartitions=THREADS, seed=1,
        )  # fmt: skip
        rows = trainer.fit(table).getVectors().collect()
        session.stop()
    return Embeddings(
        np.array([row.vector.toArray() for row in rows], np.float32), [row.word for row in rows]
    )


if __name__ == "__main__":
    for row in run(*map(int, islice(sys.argv[1:], 1))):
        sys.stdout.write(" | ".join(row.values()) + "\n")

"""Scoring all Google questions: beside gensim on 70,000 x 100, alone on 400,000 x 300.

`python -m tests.benchmarks.bench_evaluation`. The spaces are the shipped vectors, stretched: dimensions by a
random rotation, words by noisy copies, so that no score means anything but how long it took. gensim's score
under its own protocol must be ours, to the last question.
"""

import statistics
import sys

import numpy as np
from gensim.test.utils import datapath

import embedkit
from embedkit import Embeddings, Vocabulary
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.benchmarks.detection import read_benchmark
from tests.benchmarks.data import timed

REPEATS = 3


def run():
    """Rows of (what, embedkit, gensim, ratio)."""
    benchmark = read_benchmark(datapath("questions-words.txt"))
    small, large = stretched(70_000, 100), stretched(400_000, 300)
    vectors = small.to_gensim()
    ours, theirs = [], []
    for _ in range(REPEATS):
        seconds, result = timed(lambda: evaluate_analogies(small, benchmark, "gensim-300k"))
        ours.append(seconds)
        seconds, (score, _) = timed(lambda: vectors.evaluate_word_analogies(datapath("questions-words.txt")))
        theirs.append(seconds)
        if score != result.total.right / result.total.counted:
            raise AssertionError(f"gensim scores {score}, embedkit {result.total}")
    alone = [
        timed(lambda: evaluate_analogies(large, benchmark, "glove", lowercase=True))[0]
        for _ in range(REPEATS)
    ]
    ratios = [other / own for own, other in zip(ours, theirs, strict=True)]
    return [
        {
            "what": f"Google analogies as gensim asks them, 70,000 x 100, {result.total.right:,} right",
            "embedkit": f"{statistics.median(ours):.2f} s",
            "gensim": f"{statistics.median(theirs):.1f} s",
            "ratio": f"{statistics.median(ratios):.0f} ({min(ratios):.0f} to {max(ratios):.0f})",
        },
        {
            "what": "Google analogies, 400,000 x 300, all words candidates",
            "embedkit": f"{statistics.median(alone):.1f} s ({min(alone):.1f} to {max(alone):.1f})",
            "gensim": "",
            "ratio": "",
        },
    ]


def stretched(words, vector_size):
    """A space of this size made of the shipped one; copies of a word are named word~1, word~2 and so on."""
    shipped = embedkit.load()
    random = np.random.default_rng(0)
    turn = np.linalg.qr(random.normal(size=(vector_size, vector_size)))[0][: shipped.vector_size]
    copies = -(-words // len(shipped))
    names = [f"{w}~{i}" if i else w for i in range(copies) for w in shipped.vocabulary.words][:words]
    rows = np.concatenate([shipped.matrix @ turn.astype(np.float32)] * copies)[:words]
    noise = random.normal(scale=0.5 * rows.std(), size=rows.shape).astype(np.float32)
    noise[: len(shipped)] = 0
    return Embeddings(rows + noise, Vocabulary(names))


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

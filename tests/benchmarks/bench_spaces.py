"""Spaces of 200,000 x 300: seconds and memory beyond the inputs to align, transform, join and retrofit them.

`python -m tests.benchmarks.bench_spaces [WORDS]`. Processor time stands beside the time on the clock, which
others on the machine lengthen. Alignment is held against gensim's `TranslationMatrix`, a least-squares map.
"""

import sys
import time
import tracemalloc

import numpy as np
from gensim.models.translation_matrix import TranslationMatrix

import embedkit
from embedkit import Embeddings

WORDS, SIZE, PAIRS, LINKS = 200_000, 300, 20_000, 8


def run(words=WORDS):
    """Rows of (what, embedkit, gensim, ratio)."""
    first, second = _space(words, 0), _space(words, 1)
    pairs = [(f"w{row}", f"w{row}") for row in range(min(PAIRS, words))]
    for name, work in _works(first, second, pairs).items():
        taken, told = _measured(work)
        row = {"what": f"{name}, {words:,} x {SIZE}", "embedkit": told}
        if name.endswith("pairs"):
            keyed = first.to_gensim(), second.to_gensim()
            theirs, told = _measured(lambda keyed=keyed: _gensim(*keyed, pairs))
            row |= {"gensim": told, "ratio": f"{theirs / taken:.2f}"}
        yield row


def _works(first, second, pairs):
    """What is measured, by its name."""
    generator = np.random.default_rng(2)
    linked = generator.integers(0, len(first) // 2, (len(first) // 4, LINKS))
    lexicon = [[f"w{row}", *(f"w{other}" for other in others)] for row, others in enumerate(linked.tolist())]
    return {
        f"align with {len(pairs):,} pairs": lambda: embedkit.align(first, second, pairs),
        "align with all words": lambda: embedkit.align(first, second),
        "all-but-the-top 3": lambda: embedkit.all_but_the_top(first, 3),
        "pca to 100": lambda: embedkit.pca(first, 100),
        "whiten": lambda: embedkit.whiten(first),
        "words moved, of 10,000": lambda: embedkit.words_moved(first, second),
        "merge by the mean": lambda: embedkit.merge(first, second, in_several="mean"),
        "concatenate": lambda: embedkit.concatenate(first, second),
        f"retrofit to {len(lexicon):,} x {LINKS} links": lambda: embedkit.retrofit(first, lexicon),
    }


def _space(words, seed):
    generator = np.random.default_rng(seed)
    matrix = np.empty((words, SIZE), np.float32)
    for start in range(0, words, 10_000):
        matrix[start : start + 10_000] = generator.normal(size=matrix[start : start + 10_000].shape)
    matrix.flags.writeable = False
    return Embeddings(matrix, [f"w{row}" for row in range(words)])


def _gensim(first, second, pairs):
    """The same rows by gensim: a least-squares map of the pairs, and all rows mapped."""
    return first.vectors @ TranslationMatrix(first, second, word_pairs=pairs).translation_matrix


def _measured(work):
    """Processor seconds, and what is told of time and memory."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return processor, f"{clock:.1f} s ({processor:.1f} s of processors), peak {peak:,.0f} MB"


if __name__ == "__main__":
    for row in run(*map(int, sys.argv[1:])):
        sys.stdout.write(" | ".join(row.values()) + "\n")
        sys.stdout.flush()

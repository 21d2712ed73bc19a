"""What makes English vectors best: settings tried on wiki text, cut to 50,000 words of 8 bits.

`python -m tests.benchmarks.bench_shipped [settings|shipped|joined]`, with $EMBEDKIT_DATA set. `settings`
changes one thing at a time, on Simple Wikipedia, in 3 epochs: ten minutes on 2 cores. `shipped` tries what
may ship on both wiki files: half an hour. `joined` joins word2vec and fastText as
`embedkit_corpora.english_vectors` does, with several weights and strengths of whitening: a quarter of an
hour. A setting is chosen by the even-numbered Google questions; the odd-numbered ones say what it is worth.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from embedkit import Corpus, FastText, Word2Vec
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.similarity import evaluate_similarity
from embedkit_corpora.english_vectors import FORM, MEANING, WORDS, joined
from tests.benchmarks.data import (
    find,
    google_answers,
    google_syntactic,
    skipped,
    wordsim_correlation,
)

SIMPLE, BOTH = ("simplewiki.txt",), ("simplewiki.txt", "enwiki.txt")
SHORT = {"vector_size": 96, "sample": 1e-4, "epochs": 3, "min_count": 10, "negative": 5, "window": 5}
CHANGES = (
    (Word2Vec, {"model": "cbow"}),
    (Word2Vec, {"model": "skipgram"}),
    (Word2Vec, {"model": "cbow", "window": 10}),
    (Word2Vec, {"model": "cbow", "window": 10, "shrink_windows": False}),
    (Word2Vec, {"model": "cbow", "shrink_windows": False}),
    (Word2Vec, {"model": "cbow", "subsampling": "fasttext"}),
    (Word2Vec, {"model": "cbow", "negative": 10}),
    (Word2Vec, {"model": "cbow", "ns_exponent": 0.5}),
    (Word2Vec, {"model": "cbow", "hierarchical_softmax": True}),
    (FastText, {"model": "cbow"}),
)
LONG = {"vector_size": 96, "sample": 1e-4}
TRIED = (
    (Word2Vec, {"model": "skipgram"}),
    (Word2Vec, {"model": "cbow"}),
    (Word2Vec, {"model": "cbow", "sample": 1e-5}),
    (Word2Vec, {"model": "cbow", "window": 10}),
    (Word2Vec, {"model": "cbow", "negative": 10}),
    (Word2Vec, {"model": "cbow", "window": 10, "negative": 10, "min_count": 20, "epochs": 10}),
    (Word2Vec, {"model": "cbow", "window": 10, "negative": 15, "min_count": 20, "epochs": 20}),
)
WEIGHTS, WHITENINGS = (0.6, 0.8), (0, 0.3)


def run(part="shipped"):
    """Rows of (setting, accuracies, correlations, seconds); all but the seconds in percent."""
    sources = [find(name) for name in (SIMPLE if part == "settings" else BOTH)]
    if None in sources:
        yield from skipped("shipped vectors")
        return
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.encode(sources, Path(folder, "corpus"))
        if part == "joined":
            yield from _joined(corpus)
            return
        shared, tried = (SHORT, CHANGES) if part == "settings" else (LONG, TRIED)
        for trainer, setting in tried:
            told = [trainer.__name__, *(f"{name} {value}" for name, value in setting.items())]
            vectors, seconds = _trained(trainer(**{**shared, **setting}), corpus)
            yield _row(", ".join(told), vectors, seconds)


def _joined(corpus):
    """Rows of both parts of the shipped vectors, and of them together."""
    parts, seconds = zip(*(_trained(trainer, corpus) for trainer in (MEANING, FORM)), strict=True)
    for name, vectors, took in zip(("word2vec alone", "fastText alone"), parts, seconds, strict=True):
        yield _row(name, vectors, took)
    for weight in WEIGHTS:
        for whitening in WHITENINGS:
            vectors = joined(*parts, weight, whitening)
            yield _row(f"fastText times {weight}, whitened {whitening}", vectors, sum(seconds))


def _trained(trainer, corpus):
    """The vectors of the most frequent words, and the seconds of processors that training took."""
    begin = time.process_time()
    vectors = trainer.train(corpus).subset(WORDS)
    return vectors, time.process_time() - begin


def _row(setting, vectors, seconds):
    vectors = vectors.astype("int8")
    right, syntactic = google_answers(vectors), google_syntactic(vectors)
    return {
        "setting": setting,
        "even": f"{100 * right[::2].mean():.1f}",
        "odd": f"{100 * right[1::2].mean():.1f}",
        "all": f"{100 * right.mean():.1f}",
        "semantic": f"{100 * right[~syntactic].mean():.1f}",
        "syntactic": f"{100 * right[syntactic].mean():.1f}",
        "WordSim-353": f"{wordsim_correlation(vectors):.1f}",
        "RW": _correlation(vectors, "rw.csv"),
        "SimVerb": _correlation(vectors, "simverb-3500.csv"),
        "BATS": _bats(vectors),
        "seconds": f"{seconds:.0f}",
    }


def _correlation(vectors, name):
    """Spearman's correlation with the scores of a table of pairs, times 100; "-" if it is not there."""
    if not (path := find(name)):
        return "-"
    result = evaluate_similarity(vectors, read_benchmark(path), lowercase=True, resamples=1)
    return f"{100 * result.spearman.value:.1f}"


def _bats(vectors):
    """The accuracy on the covered questions of BATS (Gladkova et al. 2016); "-" if it is not there."""
    if not (folder := find("analogy_bats")):
        return "-"
    outcomes = evaluate_analogies(vectors, read_benchmark(folder)).outcomes
    return f"{100 * np.nanmean(outcomes):.1f}"


if __name__ == "__main__":
    for number, row in enumerate(run(*sys.argv[1:2])):
        if number == 0:
            sys.stdout.write(f"| {' | '.join(row)} |\n|{' --- |' * len(row)}\n")
        sys.stdout.write(f"| {' | '.join(row.values())} |\n")
        sys.stdout.flush()

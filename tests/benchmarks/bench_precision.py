"""Matrices of bfloat16 beside float32: what the vectors are worth, memory and speed.

`python -m tests.benchmarks.bench_precision [accuracy|memory|speed ...]`, with $EMBEDKIT_DATA set for the
accuracy. Memory and speed are those of a corpus drawn at random, whose words are as frequent as words are.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from embedkit import Corpus, Word2Vec
from embedkit.progress import SILENT
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.meter import Meter
from embedkit.training.word2vec.trainer import Word2VecTrainer
from tests.benchmarks.bench_training import SETTINGS, THREADS
from tests.benchmarks.data import find, google_answers, interval, skipped, wordsim_correlation

SEEDS = (1, 2, 3)
MODELS = ("skipgram", "cbow")
PRECISIONS = ("float32", "bfloat16")
TURNS = 3
WORDS, TOKENS = 1_000_000, 3_000_000  # of the random corpus
PEAK = """
import resource, sys
from embedkit import Corpus, Word2Vec
Word2Vec(vector_size=300, min_count=1, epochs=1, precision=sys.argv[2]).train(Corpus.open(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
"""


def run(parts=("accuracy", "memory", "speed")):
    """Rows of (what, float32, bfloat16)."""
    with tempfile.TemporaryDirectory() as folder:
        return [row for part in parts for row in PARTS[part](Path(folder))]


def accuracy(folder):
    """After two epochs of Simple Wikipedia, over seeds."""
    if not (source := find("simplewiki.txt")):
        return skipped("precision")
    corpus = Corpus.encode(source, folder / "corpus")
    rows = []
    for model in MODELS:
        found = {"Google analogies": [], "WordSim-353": []}
        for precision in PRECISIONS:
            settings = {**SETTINGS, "model": model, "precision": precision, "epochs": 2, "workers": THREADS}
            trained = [Word2Vec(**settings, seed=seed).train(corpus) for seed in SEEDS]
            found["Google analogies"].append([100 * google_answers(each).mean() for each in trained])
            found["WordSim-353"].append([wordsim_correlation(each) for each in trained])
        rows += [_row(f"{name}, {model}", *map(interval, both)) for name, both in found.items()]
    return rows


def memory(folder):
    """Peak of a process that trains 300 dimensions."""
    corpus = _random_corpus(folder / "memory", WORDS)
    peaks = [
        subprocess.run(
            [sys.executable, "-c", PEAK, corpus.path, precision], capture_output=True, text=True, check=True
        ).stdout
        for precision in PRECISIONS
    ]
    what = f"peak memory, {len(corpus.vocabulary):,} words x 300"
    return [_row(what, *(f"{float(peak):.2f} GB" for peak in peaks))]


def speed(folder):
    """An epoch, in turns, on one thread."""
    rows = []
    for words, size in ((100_000, 100), (WORDS, 300)):
        corpus = _random_corpus(folder / f"speed{words}", words)
        for model in MODELS:
            speeds = {precision: [] for precision in PRECISIONS}
            for _ in range(TURNS):
                for precision, found in speeds.items():
                    found.append(_speed(corpus, model, size, precision))
            rows.append(
                _row(
                    f"{model}, {len(corpus.vocabulary):,} words x {size}, one thread",
                    *(f"{statistics.median(found):.2f} M words/s" for found in speeds.values()),
                )
            )
    return rows


def _random_corpus(path, words):
    """Words drawn evenly and words that are drawn as Zipf's law says, in documents of 1,000."""
    random = np.random.default_rng(0)
    evenly = random.integers(0, words, (TOKENS // 1000, 700))
    often = random.zipf(1.3, (TOKENS // 1000, 300)) % 1000
    documents = random.permuted(np.concatenate([evenly, often], axis=1), axis=1)
    return Corpus.from_documents(([f"w{word}" for word in row] for row in documents.tolist()), path)


def _speed(corpus, model, size, precision):
    """Million words a second of the processor."""
    settings = {**SETTINGS, "vector_size": size, "min_count": 1, "model": model, "precision": precision}
    trainer = Word2VecTrainer(Word2Vec(**settings, epochs=1), corpus, corpus.vocabulary)
    trainer.compile()
    begin = time.process_time()
    train_epoch(trainer, 0, 1, Meter(SILENT))
    return corpus.words / 1e6 / (time.process_time() - begin)


def _row(what, float32, bfloat16):
    return {"what": what, "float32": float32, "bfloat16": bfloat16}


PARTS = {"accuracy": accuracy, "memory": memory, "speed": speed}

if __name__ == "__main__":
    for row in run(sys.argv[1:] or tuple(PARTS)):
        sys.stdout.write(" | ".join(row.values()) + "\n")

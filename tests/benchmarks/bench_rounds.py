"""Training in rounds beside racing threads: one hash for any number of threads, speed, accuracy.

`python -m tests.benchmarks.bench_rounds [hashes|speed|accuracy|many ...]`, with $EMBEDKIT_DATA set. Speeds
are ratios of passes in turns, by wall clock and by processor time, which says more where other programs run.
`many` is a cluster of 64 workers, simulated: what its vectors are worth, not how fast it is.
"""

import hashlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

from embedkit import Corpus, Word2Vec
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.similarity import evaluate_similarity
from embedkit.progress import SILENT
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.meter import Meter
from embedkit.training.word2vec.trainer import Word2VecTrainer
from tests.benchmarks.bench_training import SETTINGS, THREADS
from tests.benchmarks.data import (
    find,
    google_answers,
    interval,
    skipped,
    wordsim_correlation,
)

SEEDS = (1, 2, 3)
EPOCHS = 5
TURNS = 5
MODELS = ("skipgram", "cbow")
MANY = {"round_workers": 64, "round_words": 1 << 12}


def run(parts=("hashes", "speed", "accuracy", "many")):
    """Rows of (what, rounds, racing threads, ratio)."""
    source = find("simplewiki.txt")
    if not source:
        return skipped("rounds")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.encode(source, Path(folder, "corpus"))
        return [row for part in parts for row in PARTS[part](corpus)]


def hashes(corpus):
    """How many different results 1 to 8 threads have."""
    for model in MODELS:
        found = {digest(corpus, model, threads) for threads in range(1, 9)}
        yield _row(
            f"{model}, different results of 1 to 8 threads", f"{len(found)}: {' '.join(sorted(found))}"
        )


def digest(corpus, model, threads):
    """The beginning of the hash of vectors after one epoch."""
    parameters = Word2Vec(**SETTINGS, model=model, epochs=1, workers=threads, deterministic=True)
    return hashlib.sha256(parameters.train(corpus).matrix.tobytes()).hexdigest()[:12]


def speed(corpus):
    """Passes over the corpus in turns, on as many threads."""
    for model in MODELS:
        for sample in (SETTINGS["sample"], 1e-3):
            turns = [
                (_pass(corpus, True, model, sample), _pass(corpus, False, model, sample))
                for _ in range(TURNS)
            ]
            wall = [race[0] / rounds[0] for rounds, race in turns]
            processor = [race[1] / rounds[1] for rounds, race in turns]
            own, other = (
                statistics.median(corpus.words / 1e6 / seconds[0] for seconds in each)
                for each in zip(*turns, strict=True)
            )
            yield _row(
                f"{model}, sample {sample:g}, {THREADS} threads, M words/s", f"{own:.2f}", f"{other:.2f}",
                f"{statistics.median(wall):.2f}; processor time {statistics.median(processor):.2f} "
                f"({min(processor):.2f} to {max(processor):.2f})",
            )  # fmt: skip


def _pass(corpus, deterministic, model, sample):
    """Seconds of one epoch, by the clock on the wall and of the processors."""
    settings = {**SETTINGS, "model": model, "sample": sample, "deterministic": deterministic}
    trainer = Word2VecTrainer(Word2Vec(**settings, epochs=1), corpus, corpus.vocabulary.prefix(min_count=5))
    trainer.compile()
    wall, processor = time.perf_counter(), time.process_time()
    train_epoch(trainer, 0, THREADS, Meter(SILENT))
    return time.perf_counter() - wall, time.process_time() - processor


def accuracy(corpus):
    """Both after five epochs, over seeds."""
    for model in MODELS:
        ours = [scores(corpus, model, seed, deterministic=True) for seed in SEEDS]
        theirs = [scores(corpus, model, seed) for seed in SEEDS]
        for name in ours[0]:
            own, other = ([each[name] for each in some] for some in (ours, theirs))
            difference = statistics.mean(own) - statistics.mean(other)
            yield _row(
                f"{name}, {model}, {len(SEEDS)} seeds", interval(own), interval(other), f"{difference:+.2f}"
            )


def many(corpus):
    """64 workers, one seed."""
    ours = scores(corpus, "skipgram", SEEDS[0], deterministic=True, **MANY)
    for name, score in ours.items():
        yield _row(f"{name}, skipgram, {MANY}", f"{score:.1f}")


def scores(corpus, model, seed, **settings):
    """Google analogies, and Spearman's correlation with sets of word pairs, in percent."""
    parameters = Word2Vec(**SETTINGS, model=model, seed=seed, epochs=EPOCHS, workers=THREADS, **settings)
    vectors = parameters.train(corpus)
    found = {
        "Google analogies": 100 * google_answers(vectors).mean(),
        "WordSim-353": wordsim_correlation(vectors),
    }
    for name, file in {"MEN": "EN-MEN-TR-3k.txt", "rare words (RW)": "rw.csv"}.items():
        if path := find(file):
            benchmark = read_benchmark(path)
            pairs = evaluate_similarity(vectors, benchmark, lowercase=True, resamples=1)
            found[name] = 100 * pairs.spearman.value
    return found


def _row(what, rounds, race="", ratio=""):
    return {"what": what, "rounds": rounds, "racing threads": race, "ratio or difference": ratio}


PARTS = {"hashes": hashes, "speed": speed, "accuracy": accuracy, "many": many}

if __name__ == "__main__":
    for row in run(sys.argv[1:] or tuple(PARTS)):
        sys.stdout.write(" | ".join(row.values()) + "\n")

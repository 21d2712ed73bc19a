"""Training in rounds beside racing threads: one hash for any number of threads, speed, accuracy.

`python -m tests.benchmarks.bench_rounds [hashes|speed|accuracy|many|cores ...]`, with $EMBEDKIT_DATA set.
Speeds are ratios of passes in turns, by wall clock and by processor time, which says more where other
programs run. `many` is a cluster of 64 workers, simulated: what its vectors are worth, not how fast it is.
That is what `cores` tells, by a model of as many cores as a round has workers: its parts are timed on one
thread, and a round takes as long as its slowest worker marks and trains; all count who touches a row, and
merge, in equal parts, and the interpreter hands out the tasks. Racing threads are granted perfect scaling;
neither waits for memory, which the bytes merged allow to judge.
"""

import hashlib
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from embedkit import Corpus, Word2Vec
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.similarity import evaluate_similarity
from embedkit.parallel.threads import threads
from embedkit.progress import SILENT
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.meter import Meter
from embedkit.training.rounds.rounds import PARTS_PER_THREAD
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
CORES = (2, 4, 8, 16, 32, 64)
LARGE = 1 << 14  # words of a worker that a corpus of 100 M words gives 64 of them
TIMED_ROUNDS = 4
MANY = {"round_workers": 64, "round_words": 1 << 12}


def run(parts=("hashes", "speed", "accuracy", "many", "cores")):
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


def cores(corpus):
    """Rounds of as many workers as cores, of the default size and of a larger one, by the model."""
    vocabulary = corpus.vocabulary.prefix(min_count=SETTINGS["min_count"])
    task = _task_seconds()
    for model in MODELS:
        racing = _racing_seconds(corpus, vocabulary, model)
        for workers, words in ((workers, words) for words in (None, LARGE) for workers in CORES):
            size = {"round_workers": workers, "round_words": words}
            parameters = Word2Vec(**SETTINGS, model=model, deterministic=True, **size)
            trainer = Word2VecTrainer(parameters, corpus, vocabulary)
            trainer.compile()
            parts = [_round_parts(trainer, batch) for batch in _batches(trainer, workers)][1:]
            own = {name: statistics.median(part[name] for part in parts) for name in parts[0]}
            handed_out = task * workers * (3 + PARTS_PER_THREAD)
            whole = own["mark"] + own["count"] + own["train"] + own["merge"] / workers + handed_out
            each = trainer.piece_words
            yield _row(
                f"{model}, {workers} cores, {each:,} words each, a round",
                f"{1e3 * whole:.2f} ms: mark {1e3 * own['mark']:.2f}, count {1e3 * own['count']:.2f}, train "
                f"{1e3 * own['train']:.2f}, merge {1e3 * own['merge'] / workers:.2f} "
                f"({own['megabytes']:.1f} MB), tasks {1e3 * handed_out:.2f}",
                f"{1e3 * racing * each:.2f} ms", f"{racing * each / whole:.2f}",
            )  # fmt: skip


def _batches(trainer, workers):
    """The pieces of the first rounds."""
    pieces = trainer.pieces()
    return [list(islice(pieces, workers)) for _ in range(TIMED_ROUNDS + 1)]


def _round_parts(trainer, batch):
    """Seconds of the parts of a round, of the slowest worker where they are its own; and what is merged."""
    rounds, work, mark = trainer.rounds, trainer.worker(0), trainer.marker(0)
    marking = [_seconds(mark, piece, worker) for worker, piece in enumerate(batch)]
    counting = _seconds(rounds.foresee, 0, 1, len(batch)) / len(batch)
    training = [_seconds(work, piece, worker) for worker, piece in enumerate(batch)]
    merging = _seconds(rounds.merge, 0, 1, len(batch))
    rounds.number += 1
    rows = sum(len(pool.changed(worker)) for pool in rounds.pools for worker in range(len(batch)))
    row = 4 * rounds.pools[0].rows.shape[1]
    return {
        "mark": max(marking), "count": counting, "train": max(training), "merge": merging,
        "megabytes": rows * row / 1e6,
    }  # fmt: skip


def _racing_seconds(corpus, vocabulary, model):
    """Seconds a word of racing, on one thread."""
    trainer = Word2VecTrainer(Word2Vec(**SETTINGS, model=model), corpus, vocabulary)
    trainer.compile()
    pieces = list(islice(trainer.pieces(), TIMED_ROUNDS + 1))
    work = trainer.worker(0)
    seconds = [_seconds(work, piece) / (piece.stop - piece.start) for piece in pieces]
    return statistics.median(seconds[1:])


def _task_seconds(tasks=2000):
    """Seconds that the interpreter takes to hand a task to a thread."""
    with threads(THREADS) as pool:
        return _seconds(lambda: [pool.submit(int).result() for _ in range(tasks)]) / tasks


def _seconds(function, *arguments):
    begin = time.thread_time()
    function(*arguments)
    return time.thread_time() - begin


def scores(corpus, model, seed, cluster=None, epochs=EPOCHS, **settings):
    """Google analogies, and Spearman's correlation with sets of word pairs, in percent."""
    workers = None if cluster else THREADS
    parameters = Word2Vec(**SETTINGS, model=model, seed=seed, epochs=epochs, workers=workers, **settings)
    vectors = parameters.train(corpus, cluster=cluster)
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


PARTS = {"hashes": hashes, "speed": speed, "accuracy": accuracy, "many": many, "cores": cores}

if __name__ == "__main__":
    for row in run(sys.argv[1:] or tuple(PARTS)):
        sys.stdout.write(" | ".join(row.values()) + "\n")

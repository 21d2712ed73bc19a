"""GloVe: speed, memory and accuracy on Simple Wikipedia, and the hash of the result for 1 to 4 workers.

`python -m tests.benchmarks.bench_glove`, with $EMBEDKIT_DATA set. If $GLOVE_PROGRAMS names the folder of
Stanford's four programs, they do the same beside it. All words are candidates for the answer of an analogy.
bench_cooccurrence measures the counting.
"""

import hashlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import embedkit
from embedkit import Corpus, GloVe
from embedkit.progress import SILENT
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.glove.trainer import GloVeTrainer
from embedkit.training.meter import Meter
from tests.benchmarks.data import (
    find,
    google_answers,
    interval,
    skipped,
    wordsim_correlation,
    written_for_gensim,
)

REPEATS = 3
SEEDS = (1, 2, 3)
THREADS = 2
EPOCHS = 15
PROGRAM = str(Path(sys.executable).with_name("embedkit"))
SETTINGS = {"vector_size": 100, "x_max": 10}


def run():
    """Rows of (what, embedkit, gensim, ratio); what Stanford's programs do stands under gensim."""
    source = find("simplewiki.txt")
    if not source:
        return skipped("GloVe")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = Corpus.encode(source, folder / "corpus")
        stanford = _Stanford.found(folder, corpus)
        return [
            _speed(corpus, folder, stanford),
            _memory(folder),
            *_accuracy(folder / "counts", stanford),
            _hashes(folder / "counts"),
        ]


def _speed(corpus, folder, stanford):
    epochs = ([], [])
    counts = Cooccurrences.count(corpus, folder / "counts", workers=THREADS)
    if stanford:
        stanford.count()
    trainer = GloVeTrainer(GloVe(**SETTINGS), counts, THREADS, SILENT)
    trainer.compile()
    for epoch in range(REPEATS):
        begin = time.perf_counter()
        trainer.train_epoch(epoch, THREADS, Meter(SILENT))
        epochs[0].append(time.perf_counter() - begin)
        if stanford:
            two, one = (stanford.train("pass", epochs=count, seed=1) for count in (2, 1))
            epochs[1].append(two - one)  # without reading and writing
    size = f"{counts.nonzeros / 1e6:.1f} M nonzeros, vocabulary {len(counts.vocabulary):,}, {THREADS} threads"
    return _row(
        f"GloVe, an epoch over {size}",
        *epochs,
        lambda seconds: f"{counts.nonzeros / seconds / 1e6:.1f} M nonzeros/s",
    )


def _row(what, ours, theirs, shown):
    ratios = [other / own for own, other in zip(ours, theirs, strict=False)]
    return {
        "what": what,
        "embedkit": shown(statistics.median(ours)),
        "gensim": f"Stanford's C: {shown(statistics.median(theirs))}" if theirs else "",
        "ratio": f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})"
        if ratios
        else "",
    }


def _memory(folder):
    """The most memory that the whole command takes, from corpus to vectors."""
    command = f"train-glove {folder}/corpus -o {folder}/v.bin --epochs 1 --workers {THREADS} --memory 1GB -q"
    process = subprocess.Popen([PROGRAM, *command.split()])
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return {
        "what": "GloVe, counting and training with --memory 1GB",
        "embedkit": f"{usage.ru_maxrss / 1e6:.2f} GB at most, mapped files included",
    }


def _accuracy(counts, stanford):
    ours, theirs = [], []
    for seed in SEEDS:
        vectors = GloVe(**SETTINGS, epochs=EPOCHS, seed=seed, workers=THREADS).train(counts)
        ours.append((*_scores(vectors), vectors.metadata["losses"][-1]))
        if stanford:
            stanford.train(f"seed{seed}", epochs=EPOCHS, seed=seed)
            theirs.append((*_scores(stanford.vectors(f"seed{seed}")), stanford.costs(f"seed{seed}")[-1]))
    names = ("Google analogies", "WordSim-353", "cost of the last pass, in thousandths")
    others = zip(*theirs, strict=True) if theirs else [None] * len(names)
    for name, own, other in zip(names, zip(*ours, strict=True), others, strict=True):
        scale = 1000 if "cost" in name else 1
        yield {
            "what": f"{name}, GloVe, {EPOCHS} epochs, {len(SEEDS)} seeds",
            "embedkit": interval([scale * value for value in own]),
            "gensim": f"Stanford's C: {interval([scale * value for value in other])}" if other else "",
        }


def _scores(vectors):
    return 100 * google_answers(vectors).mean(), wordsim_correlation(vectors)


def _hashes(counts):
    """Whether the vectors are the same to the last bit."""
    found = {}
    for workers in (1, 2, 3, 4):
        vectors = GloVe(**SETTINGS, epochs=2, workers=workers).train(counts)
        found.setdefault(hashlib.sha256(vectors.matrix.tobytes()).hexdigest()[:16], []).append(str(workers))
    told = [f"{digest} with {', '.join(workers)} workers" for digest, workers in found.items()]
    return {"what": "GloVe, sha256 of the result", "embedkit": "; ".join(told)}


class _Stanford:
    """Stanford's programs, on the same tokens and with the same settings."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder

    @classmethod
    def found(cls, folder, corpus):
        """The programs in $GLOVE_PROGRAMS, None if there are none."""
        programs = os.environ.get("GLOVE_PROGRAMS")
        if not programs:
            return None
        written_for_gensim(corpus, folder / "text.txt")
        return cls(Path(programs).resolve(), folder)

    def count(self):
        """Make the vocabulary and the shuffled counts, with 8 GB allowed."""
        self._run("vocab_count -min-count 5", "text.txt", "vocab.txt")
        self._run("cooccur -window-size 10 -vocab-file vocab.txt -memory 8", "text.txt", "counts.bin")
        self._run("shuffle -memory 8 -seed 1", "counts.bin", "shuffled.bin")

    def train(self, name, epochs, seed):
        """Seconds for so many epochs, with reading the vocabulary and writing the vectors."""
        options = f"-input-file shuffled.bin -vocab-file vocab.txt -save-file {name} -threads {THREADS} "
        options += f"-iter {epochs} -vector-size 100 -x-max 10 -binary 0 -seed {seed}"
        return self._run(f"glove {options}", os.devnull, f"{name}.out")

    def vectors(self, name):
        """The vectors of a training."""
        return embedkit.load(self.folder / f"{name}.txt")

    def costs(self, name):
        """The cost of each pass of a training."""
        told = Path(self.folder, f"{name}.out.log").read_text(encoding="utf-8")
        return [float(cost) for cost in re.findall(r"cost: ([\d.]+)", told)]

    def _run(self, line, source, target):
        program, *options = line.split()
        begin = time.perf_counter()
        log = Path(self.folder, f"{target}.log")
        with (
            Path(self.folder, source).open("rb") as stdin,
            Path(self.folder, target).open("wb") as stdout,
            log.open("wb") as stderr,
        ):
            subprocess.run(
                [self.programs / program, *options],
                cwd=self.folder, stdin=stdin, stdout=stdout, stderr=stderr, check=True,
            )  # fmt: skip
        return time.perf_counter() - begin


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

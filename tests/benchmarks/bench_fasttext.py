"""Training with subwords beside the fastText program and gensim: speed in turns, and accuracy over seeds.

`python -m tests.benchmarks.bench_fasttext`, with $EMBEDKIT_DATA set; the argument "fast" leaves out accuracy.
All train on the same tokens with the same settings, one thread each, and are compared by seconds of processor
time of a pass, without what comes before it: a pass of fastText less one over no epochs. The program is
$FASTTEXT, best compiled with -O3 -march=native, or the package's code.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from gensim.models import FastText as GensimFastText

from embedkit import Corpus, FastText, load
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.similarity import evaluate_similarity
from embedkit.progress import SILENT
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.fasttext.trainer import FastTextTrainer
from embedkit.training.meter import Meter
from tests.benchmarks.data import (
    find,
    google_answers,
    interval,
    skipped,
    wordsim_correlation,
    written_for_gensim,
)

REPEATS, SEEDS, EPOCHS = 3, (1, 2, 3), 5
BUCKET = 500_000
SETTINGS = {"vector_size": 100, "window": 5, "negative": 5, "min_count": 5, "sample": 1e-4, "bucket": BUCKET}
PROGRAM = f"""
import sys, fasttext
model, text, output, epochs = sys.argv[1:]
options = dict(model=model, dim=100, lr=0.05, bucket={BUCKET}, thread=1, verbose=0)
fasttext.train_unsupervised(text, epoch=int(epochs), **options).save_model(output + ".bin")
"""
CODE = [sys.executable, "-c", PROGRAM]


def run(accuracy=True):
    """Rows of (what, embedkit, fastText, gensim)."""
    source = find("simplewiki.txt")
    if not source:
        return skipped("fastText")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.encode(source, Path(folder, "corpus"))
        text = Path(folder, "text.txt")
        written_for_gensim(corpus, text)
        rows = []
        for model in ("skipgram", "cbow"):
            rows.append(_speeds(model, corpus, text, folder))
            if accuracy:
                rows += _accuracies(model, corpus, text, folder)
        return rows


def _speeds(model, corpus, text, folder):
    """Million words a second of processor time, and how many times those of the others."""
    seconds = np.array(
        [
            (_own_seconds(model, corpus), _program_seconds(model, text, folder), _gensim_seconds(model, text))
            for _ in range(REPEATS)
        ]
    )
    speeds = np.median(corpus.words / seconds / 1e6, axis=0)
    ratios = np.median(seconds / seconds[:, :1], axis=0)
    return {
        "what": f"{model}, {corpus.words / 1e6:.1f} M words, 1 thread, processor time",
        "embedkit": f"{speeds[0]:.2f} M words/s",
        "fastText": f"{speeds[1]:.3f} M words/s (embedkit {ratios[1]:.1f} times)",
        "gensim": f"{speeds[2]:.3f} M words/s (embedkit {ratios[2]:.1f} times)",
    }


def _own_seconds(model, corpus):
    parameters = FastText(**SETTINGS, model=model, epochs=1, workers=1)
    trainer = FastTextTrainer(parameters, corpus, corpus.vocabulary.prefix(min_count=parameters.min_count))
    trainer.compile()
    begin = time.process_time()
    train_epoch(trainer, 0, 1, Meter(SILENT))
    return time.process_time() - begin


def _program_seconds(model, text, folder):
    return _program(model, text, folder, 1, 1) - _program(model, text, folder, 0, 1)


def _program(model, text, folder, epochs, seed):
    """Seconds of fastText's processor time; its model is `folder`/model.bin."""
    output = str(Path(folder, "model"))
    command = [*CODE, model, str(text), output, str(epochs)]  # which takes no seed
    if program := os.environ.get("FASTTEXT"):
        options = {"input": text, "output": output, "epoch": epochs, "seed": seed, "thread": 1, "dim": 100}
        options |= {"lr": 0.05, "bucket": BUCKET, "verbose": 0}
        command = [
            program,
            model,
            *(part for name, value in options.items() for part in (f"-{name}", str(value))),
        ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def _gensim(model, text, epochs, seed=1):
    trainer = GensimFastText(
        **SETTINGS, sg=int(model == "skipgram"), ns_exponent=0.5, alpha=0.05, min_alpha=5e-6, workers=1,
        seed=seed, epochs=epochs,
    )  # fmt: skip
    trainer.build_vocab(corpus_file=str(text))
    return trainer


def _gensim_seconds(model, text):
    trainer = _gensim(model, text, 1)
    begin = time.process_time()
    _pass(trainer, text)
    return time.process_time() - begin


def _pass(trainer, text):
    trainer.train(
        corpus_file=str(text), total_examples=trainer.corpus_count, total_words=trainer.corpus_total_words,
        epochs=trainer.epochs,
    )  # fmt: skip


def _accuracies(model, corpus, text, folder):
    """Rows of Google analogies, WordSim-353 and rare words, each with an interval over the seeds."""
    scores = {"embedkit": [], "fastText": []}
    for seed in SEEDS:
        own = FastText(**SETTINGS, model=model, epochs=EPOCHS, seed=seed).train(corpus)
        scores["embedkit"].append(_scores(own))
        _program(model, text, folder, EPOCHS, seed)
        scores["fastText"].append(_scores(load(Path(folder, "model.bin"))))
    for number, name in enumerate(("Google analogies", "WordSim-353", "rare words")):
        cells = {tool: interval([each[number] for each in found]) for tool, found in scores.items()}
        yield {"what": f"{name}, {model}, {EPOCHS} epochs, {len(SEEDS)} seeds", **cells, "gensim": ""}


def _scores(vectors):
    rare = find("rw.csv")
    found = evaluate_similarity(vectors, read_benchmark(rare), lowercase=True, resamples=1) if rare else None
    return (
        100 * google_answers(vectors).mean(),
        wordsim_correlation(vectors),
        100 * found.spearman.value if found else float("nan"),
    )


if __name__ == "__main__":
    for row in run(accuracy="fast" not in sys.argv[1:]):
        sys.stdout.write(" | ".join(row.values()) + "\n")

"""Taggers: parts of speech (UD English-EWT) and named entities (WNUT 2017), on their development sets.

`python -m tests.benchmarks.bench_tagging [ewt] [wnut17] [--vectors FILE|everyday|english] [--seeds N]`, with
$EMBEDKIT_DATA set. Without --vectors they are trained on two slices of Wikipedia, and stay in the folder
--scratch for the next run. Settings were chosen on a part of the training sentences; the best epoch is that
of a tenth of these; the development set is only reported.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

from embedkit import SequenceTagger, Word2Vec, evaluate_tagger, load, read_tagged, text_pipeline
from tests.benchmarks.two_windows import CORPUS, scratch_option

FILES = {
    "ewt": ("tagging_ewt/train.conllu.xz", "tagging_ewt/dev.conllu.xz"),
    "wnut17": ("tagging_wnut17/train.conll.xz", "tagging_wnut17/dev.conll.xz"),
}
SETTINGS = {
    "ewt": {"batch_size": 32, "epochs": 10, "learning_rate": 4e-3},
    "wnut17": {"batch_size": 16, "epochs": 10, "learning_rate": 3e-3},
}
VECTORS = Word2Vec(
    vector_size=128, window=4, min_count=8, max_vocabulary=200_000, negative=6, epochs=3, sample=1e-4
)


def wikipedia_vectors(folder, scratch):
    """The vectors of the Wikipedia slices, trained once."""
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / "tagging.safetensors"
    if not path.exists():
        sources = [folder / name for name in CORPUS]
        VECTORS.train(sources, tokenizer=text_pipeline(punctuation=True)).save(path, dtype="float16")
    return load(path)


def rows(folder, name, vectors, seeds):
    """Lines of accuracy and F1 on the development set, and of speed."""
    training, held = (read_tagged(folder / path) for path in FILES[name])
    scores, speeds = [], []
    for seed in range(1, seeds + 1):
        tagger = SequenceTagger(embeddings=vectors, seed=seed, **SETTINGS[name])
        begin = time.monotonic()
        tagger.fit(training.sentences, training.tags)
        seconds, begin = time.monotonic() - begin, time.monotonic()
        assessment = evaluate_tagger(tagger, held)
        predicting = time.monotonic() - begin
        spans = assessment.scheme != "plain"
        total = assessment.by_type[0]
        value, low, high = (total.f1, total.low, total.high) if spans else assessment.accuracy.numbers
        scores.append(100 * value)
        tokens = len(tagger.history_) * sum(map(len, training.sentences))
        speeds.append((tokens / seconds, assessment.tokens / predicting))
        what = "F1" if spans else "accuracy"
        yield (
            f"{name}, seed {seed}: {what} {100 * value:.2f} [{100 * low:.2f}, {100 * high:.2f}], "
            f"tokens right {100 * assessment.accuracy.value:.2f}, without a vector "
            f"{100 * (assessment.unknown_word_accuracy.value or 0):.2f}; {seconds:.0f} s"
        )
    trained, predicted = np.median(speeds, axis=0)
    yield (
        f"{name}, {seeds} seeds: {np.mean(scores):.2f} ({min(scores):.2f} to {max(scores):.2f}); "
        f"{trained:,.0f} tokens/s in training, {predicted:,.0f} in prediction"
    )


def main():
    """Print each line as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*FILES, []], default=[])
    parser.add_argument("--vectors", help="a file, everyday or english")
    parser.add_argument("--seeds", type=int, default=3)
    scratch_option(parser)
    given = parser.parse_args()
    if "EMBEDKIT_DATA" not in os.environ:
        sys.exit("set EMBEDKIT_DATA to the folder with the data")
    data = Path(os.environ["EMBEDKIT_DATA"])
    vectors = given.vectors or wikipedia_vectors(data, given.scratch)
    for name in given.names or FILES:
        for line in rows(data / "more", name, vectors, given.seeds):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Which of 20 emoji a tweet was written with (TweetEval), with vectors trained here.

`python -m tests.benchmarks.bench_tweets [--scratch FOLDER]`, with $EMBEDKIT_DATA set; a quarter of an hour,
so `make bench` leaves it out. The vectors are those of `two_windows`, which stay in FOLDER for the next run.
Macro-F1 is that on the validation part; settings were chosen on a part of the training tweets.

Where the data's authors took the emoji out of a tweet, its variation selector (U+FE0F) stayed: in a fifth of
the training tweets, where it tells red hearts and suns, but in hardly any of the validation part. Tokens of
this package hold none, so that nothing is learnt from it. What is averaged of several models is
their probabilities; n-grams weigh as much as the networks together.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from embedkit import TextClassifier, TfidfClassifier
from tests.benchmarks.data import interval, learnt
from tests.benchmarks.two_windows import scratch_option, trained_vectors

SEEDS = (1, 2, 3)
NGRAMS = {"ngrams": 2, "min_df": 2, "C": 3.0, "punctuation": True}
NETWORK = {
    "units": 100,
    "pooling": "attention",
    "vector_dropout": 0.5,
    "epochs": 5,
    "decay": "cosine",
    "validation_fraction": 0.0,
}


def lines(training, validation, vectors):
    """Lines of the macro-F1 of models and of means of models, and the minutes of training."""
    (texts, labels), (unseen, truth) = training, validation
    classes, counts = np.unique(labels, return_counts=True)
    weights = dict(zip(classes.tolist(), np.sqrt(counts.mean() / counts).tolist(), strict=True))
    networks = [
        TextClassifier(embeddings=vectors, class_weight=weights, seed=seed, **NETWORK) for seed in SEEDS
    ]
    ngrams = TfidfClassifier(class_weight=weights, **NGRAMS)
    seconds, (counted,) = learnt([ngrams], texts, labels, unseen)
    each, read = learnt(networks, texts, labels, unseen)
    for name, found, took in (
        ("n-grams", [counted], seconds),
        ("recurrent", read, each),
        ("recurrent and n-grams", [(likely + counted) / 2 for likely in read], each + seconds),
        ("three recurrent", [sum(read) / len(read)], len(read) * each),
        ("three recurrent and n-grams", [sum(read) / len(read) + counted], len(read) * each + seconds),
    ):
        shares = [100 * f1_score(truth, classes[likely.argmax(axis=1)], average="macro") for likely in found]
        yield f"| {name} | {interval(shares)} | {took / 60:.1f} |"


def _tweets(folder, part):
    texts, labels = (
        (folder / f"{part}_{kind}.txt").read_text("utf-8").rstrip("\n").split("\n")
        for kind in ("text", "labels")
    )
    return texts, labels


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    scratch_option(parser)
    folder = Path(os.environ["EMBEDKIT_DATA"])
    vectors = trained_vectors(folder, parser.parse_args().scratch)
    parts = [_tweets(folder / "tweeteval_emoji", part) for part in ("train", "val")]
    sys.stdout.write("| model | macro-F1 | minutes |\n| --- | --- | --- |\n")
    for line in lines(*parts, vectors):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()

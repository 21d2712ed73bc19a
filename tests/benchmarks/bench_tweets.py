"""Which of 20 emoji a tweet was written with (TweetEval), with vectors trained here.

`python -m tests.benchmarks.bench_tweets [--scratch FOLDER]`, with $EMBEDKIT_DATA set; half an hour,
so `make bench` leaves it out. The vectors are those of `two_windows`, which stay in FOLDER for the next run.
Macro-F1 is that on the validation part; settings were chosen on a part of the training tweets. The networks
learn from the labels and from what n-grams say that learned from other training tweets.

Where the data's authors took the emoji out of a tweet, its variation selector (U+FE0F) stayed: in a fifth of
the training tweets, where it tells red hearts and suns, but in hardly any of the validation part. Tokens of
this package hold none, so that nothing is learned from it. What is averaged of several models is
their probabilities; n-grams weigh as much as the networks together.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import cross_val_predict

from embedkit import TextClassifier, TfidfClassifier
from tests.benchmarks.data import interval, learned, timed
from tests.benchmarks.two_windows import scratch_option, trained_vectors

SEEDS = (1, 2, 3)
WORDS = {"ngrams": 2, "min_df": 2, "C": 3.0, "punctuation": True}
NGRAMS = {**WORDS, "characters": 5}
FOLDS = 3  # of the training tweets; n-grams that learned from the others soften the labels of one
NETWORK = {
    "layers": "dropout:0.5 bilstm:100 attention:100 dropout:0.5",
    "epochs": 10,
    "decay": "cosine",
    "validation_fraction": 0.0,
}


def lines(training, validation, vectors):
    """Lines of the macro-F1 of models and of means of models, and the minutes of training."""
    (texts, labels), (unseen, truth) = training, validation
    classes, counts = np.unique(labels, return_counts=True)
    rare, rarer = (
        dict(zip(classes.tolist(), ((counts.mean() / counts) ** power).tolist(), strict=True))
        for power in (0.5, 0.6)
    )
    networks = [
        TextClassifier(embeddings=vectors, class_weight=rarer, seed=seed, **NETWORK) for seed in SEEDS
    ]
    of_words, ngrams = (TfidfClassifier(class_weight=rare, **settings) for settings in (WORDS, NGRAMS))
    first, (worded,) = learned([of_words], texts, labels, unseen)
    seconds, (counted,) = learned([ngrams], texts, labels, unseen)
    once, likely = timed(
        lambda: cross_val_predict(clone(ngrams), texts, labels, cv=FOLDS, method="predict_proba")
    )
    runs = [timed(lambda one=one: one.fit(texts, labels, soft_targets=likely)) for one in networks]
    each, read = np.mean([run[0] for run in runs]), [one.predict_proba(unseen) for one in networks]
    for name, found, took in (
        ("n-grams of words", [worded], first),
        ("n-grams of words and characters", [counted], seconds),
        ("recurrent", read, once + each),
        ("recurrent and n-grams", [said + counted for said in read], once + each + seconds),
        ("three recurrent", [sum(read)], once + len(read) * each),
        ("three recurrent and n-grams", [sum(read) / len(read) + counted], once + len(read) * each + seconds),
    ):
        shares = [100 * f1_score(truth, classes[likely.argmax(axis=1)], average="macro") for likely in found]
        yield f"| {name} | {interval(shares)} | {took / 60:.1f} |"


def _tweets(folder, part):
    texts, labels = (
        (folder / f"{part}_{kind}.txt").read_text("utf-8").rstrip("\n").split("\n")
        for kind in ("text", "labels")
    )
    return texts, [int(label) for label in labels]


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

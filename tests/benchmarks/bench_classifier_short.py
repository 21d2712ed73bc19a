"""Short texts: the sentiment of sentences (SST-2), the kind of questions (TREC), with vectors trained here.

`python -m tests.benchmarks.bench_classifier_short [sst2] [trec] [regularization] [--scratch FOLDER]
[--vectors FILE]`, with $EMBEDKIT_DATA set.
The vectors are those of `two_windows`, which stay in FOLDER for the next run, or those of FILE, such as
`bench_tagging` trains, with the bundled everyday vectors beside them. SST-2's accuracy is that on its
development set, which nothing was tuned on, for three seeds. TREC's is by cross-validation in its training
questions, three times over with other folds; the settings were chosen by two such folds too. What is averaged
of several models is their probabilities. "regularization" is what each ingredient of training changes of a
network on the shipped vectors, on the folds by which settings were chosen.
"""

import argparse
import os
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from embedkit import MeanVectorClassifier, TextClassifier, TfidfClassifier, load
from embedkit.text.reading.lines import read_lines
from tests.benchmarks.data import interval, learned
from tests.benchmarks.two_windows import beside_everyday, scratch_option, trained_vectors

SEEDS = (1, 2, 3)
FOLDS = 5
LAYERS = "dropout:0.5 bilstm:{units} attention:{units} dropout:0.5"
SENTENCES = {"layers": LAYERS.format(units=128), "epochs": 3}
BARE = {"layers": LAYERS.format(units=100), "epochs": 8, "batch_size": 32, "learning_rate": 3e-3}
QUESTIONS = {**BARE, "adversarial": 0.05, "label_smoothing": 0.1}
TUNED = 7  # seed of the folds by which settings were chosen
ON_SHIPPED = {**BARE, "layers": LAYERS.format(units=64), "decay": "cosine", "validation_fraction": 0.0}
INGREDIENTS = {  # what is changed of that network, one at a time
    "nothing": {},
    "averaged weights, 0.99": {"average": 0.99},
    "averaged weights, 0.999": {"average": 0.999},
    "label smoothing, 0.1": {"label_smoothing": 0.1},
    "adversarial training, 0.03": {"adversarial": 0.03},
    "adversarial training, 0.05": {"adversarial": 0.05},
    "the same, and label smoothing": {"adversarial": 0.05, "label_smoothing": 0.1},
    "virtual adversarial training, 0.03": {"virtual_adversarial": 0.03},
}


def sst2(folder, vectors):
    """Lines of the accuracy of each model on the development set."""
    training, test = (_phrases(folder / "sst2" / f"{part}.tsv") for part in ("train", "dev"))
    fitted = _fitted(vectors, SENTENCES, *training, test[0])
    for name, (answers, seconds) in fitted.items():
        yield _line(f"SST-2, {name}", [100 * np.mean(answer == test[1]) for answer in answers], seconds)


def trec(folder, vectors):
    """Lines of the mean accuracy of each model over the folds."""
    texts, labels = _questions(folder)
    shares, times = defaultdict(list), defaultdict(list)
    for seed in SEEDS:
        folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(texts, labels))
        right = defaultdict(int)
        for kept, held in folds:
            fitted = _fitted(vectors, QUESTIONS, texts[kept], labels[kept], texts[held])
            for name, (answers, seconds) in fitted.items():
                right[name] += np.mean([np.sum(answer == labels[held]) for answer in answers])
                times[name].append(seconds)
        for name, count in right.items():
            shares[name].append(100 * count / len(texts))
    for name, found in shares.items():
        yield _line(f"TREC, {name}", found, np.mean(times[name]))


def regularization(folder, _):
    """Lines of the mean accuracy of a network on shipped vectors over four of the folds, a seed each."""
    texts, labels = _questions(folder)
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=TUNED).split(texts, labels))[:-1]
    for name, changes in INGREDIENTS.items():
        shares, times = [], []
        for seed, (kept, held) in enumerate(folds):
            model = TextClassifier(embeddings="english", seed=seed, **{**ON_SHIPPED, **changes})
            seconds, (likely,) = learned([model], texts[kept], labels[kept], texts[held])
            shares.append(100 * np.mean(model.classes_[likely.argmax(axis=1)] == labels[held]))
            times.append(seconds)
        yield _line(f"TREC, {name}", shares, np.mean(times))


def _questions(folder):
    questions = (folder / "trec" / "train.txt").read_text(encoding="latin-1")
    lines = [line.split(" ", 1) for line in questions.split("\n")[:-1]]
    texts = np.array([text for _, text in lines], object)
    return texts, np.array([label.split(":")[0] for label, _ in lines])


def _fitted(vectors, settings, texts, labels, unseen):
    """Of each model its answers for the unseen texts, one list a seed, and the seconds of one training."""
    networks = [
        TextClassifier(embeddings=vectors, decay="cosine", validation_fraction=0.0, seed=seed, **settings)
        for seed in SEEDS
    ]
    ngrams = TfidfClassifier(ngrams=2, min_df=1, punctuation=True)
    seconds, means = learned([MeanVectorClassifier(vectors)], texts, labels, unseen)
    ngrams_seconds, (counted,) = learned([ngrams], texts, labels, unseen)
    network_seconds, read = learned(networks, texts, labels, unseen)
    together = {
        "mean-vectors": (means, seconds),
        "tfidf": ([counted], ngrams_seconds),
        "recurrent": (read, network_seconds),
        "recurrent and tfidf": ([(one + counted) / 2 for one in read], network_seconds + ngrams_seconds),
        "three recurrent": ([sum(read)], len(read) * network_seconds),
        "three recurrent and tfidf": (
            [(sum(read) + counted) / (len(read) + 1)],
            len(read) * network_seconds + ngrams_seconds,
        ),
    }
    classes = np.unique(labels)
    return {
        name: ([classes[likely.argmax(axis=1)] for likely in found], seconds)
        for name, (found, seconds) in together.items()
    }


def _line(name, shares, seconds):
    return f"| {name} | {interval(shares)} | {seconds:.0f} |"


def _phrases(path):
    lines = [line.rstrip("\n").rsplit("\t", 1) for line in read_lines(path)]
    return np.array([text for text, _ in lines], object), np.array([int(label) for _, label in lines])


PARTS = {"sst2": sst2, "trec": trec, "regularization": regularization}


def main():
    """Print the lines of the parts that were asked for, all if none was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="sst2|trec|regularization")
    parser.add_argument(
        "--vectors", type=Path, metavar="FILE", help="beside everyday vectors, not two windows"
    )
    scratch_option(parser)
    asked = parser.parse_args()
    folder = Path(os.environ["EMBEDKIT_DATA"])
    needed = set(asked.parts or PARTS) != {"regularization"}
    if asked.vectors:
        vectors = beside_everyday(load(asked.vectors))
    else:
        vectors = trained_vectors(folder, asked.scratch) if needed else None
    sys.stdout.write("| what | accuracy, % | seconds |\n| --- | --- | --- |\n")
    for name in asked.parts or PARTS:
        for line in PARTS[name](folder, vectors):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

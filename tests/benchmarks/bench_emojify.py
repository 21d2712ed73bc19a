"""What an emojifier is worth: accuracy on our sentences, the order of words, the course's data.

`python -m tests.benchmarks.bench_emojify [ours] [course]`; the last needs $EMBEDKIT_DATA. Vectors are those
in $EMOJI_VECTORS, which `python -m embedkit_corpora.everyday` makes, or else, with other figures, the few
dimensions that the network of the shipped emojifier reads. `make bench` leaves it out.

Settings were chosen on a fold of the part `train` and by pairs that are not here; the part `test` and the
pairs are for a final measurement alone.

Of the two sentences of a pair, which hold the same words, it is asked which of their two emoji a model
prefers for each ("both": it prefers the right one twice), whether its preference moves the right way from one
to the other ("order"), and whether the right ones are the likeliest of all ("likeliest").
"""

import csv
import os
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from embedkit import load, load_model
from embedkit.emoji.emojifier import Emojifier
from embedkit.statistics.intervals import wilson
from embedkit.text.datasets.reading import read_labeled
from tests.benchmarks.data import interval

EMOJI = Path(__file__).parents[2] / "corpora" / "emoji"
SHIPPED = EMOJI.parent / "emojify.safetensors"
SEEDS, FOLDS = int(os.environ.get("ROUNDS", "10")), 5
COURSE = ["❤️", "⚾", "😄", "😞", "🍴"]


def vectors():
    """The vectors of $EMOJI_VECTORS, else those of the emojifier that ships."""
    if path := os.environ.get("EMOJI_VECTORS"):
        return load(path)
    network, _ = load_model(SHIPPED).parts_
    return network.model.vectors_


def ours():
    """Lines of accuracy on the part `test` and on the pairs: versions 1 and 2, and the model that ships."""
    training, test = (
        read_labeled(EMOJI / "sentences.tsv", only=f"part={part}") for part in ("train", "test")
    )
    yield "| model | test | pairs: order | both | likeliest | sentences of pairs | seconds to train |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for version in (1, 2):
        begin = time.perf_counter()
        model = Emojifier(version, vectors()).fit(training.texts, training.labels)
        yield _line(f"version {version}", model, test, time.perf_counter() - begin)
    shipped = load_model(SHIPPED)
    name = f"version {shipped.version}, as it ships"
    yield _line(name, shipped, test, shipped.metadata_["seconds"])


def pairs(model):
    """Whether a model is right on a pair, "order", "both" and "likeliest", and on each sentence of them."""
    with (EMOJI / "pairs.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    place = {emoji: number for number, emoji in enumerate(model.classes_)}
    own, others = ([place[row[name]] for row in rows] for name in ("emoji", "other_emoji"))
    numbers = np.arange(len(rows))
    first, second = (model.decision_function([row[name] for row in rows]) for name in ("sentence", "other"))
    before = first[numbers, own] - first[numbers, others]
    after = second[numbers, own] - second[numbers, others]
    found = np.array([first.argmax(axis=1) == own, second.argmax(axis=1) == others])
    return {
        "order": before > after + 1e-6,
        "both": (before > 0) & (after < 0),
        "likeliest": found.all(axis=0),
        "sentences": found.ravel(),
    }


def course():
    """Lines of the mean accuracy of rounds of cross-validation on the 132 sentences of the course.

    Each version starts from what ships, as it does by default, and from the plain English vectors.
    """
    path = Path(os.environ["EMBEDKIT_DATA"], "emojify", "train_emoji.csv")
    data = read_labeled(path, text_column="1", label_column="2", header=False)
    texts, labels = np.array(data.texts, object), np.array(data.labels)
    yield f"| version | vectors | accuracy, {SEEDS} rounds | seconds a training |"
    yield "| --- | --- | --- | --- |"
    for version in (1, 2):
        for start in ("english", "everyday"):
            rounds, begin = [], time.perf_counter()
            for seed in range(1, SEEDS + 1):
                right = 0
                for kept, held in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(
                    texts, labels
                ):
                    model = Emojifier(version, start, labels=COURSE, seed=seed)
                    model.fit(texts[kept], labels[kept])
                    right += len(held) * model.score(texts[held], labels[held])
                rounds.append(100 * right / len(texts))
            seconds = (time.perf_counter() - begin) / (SEEDS * FOLDS)
            yield f"| {version} | {start} | {interval(rounds)} | {seconds:.1f} |"


def _line(name, model, test, seconds):
    right = model.predict(test.texts) == np.array(model.emoji_of(test.labels))
    shares = [right, *pairs(model).values()]
    return f"| {name} | {' | '.join(map(_share, shares))} | {seconds:.0f} |"


def _share(right):
    low, high = wilson(int(right.sum()), len(right))
    return f"{100 * right.mean():.1f} ({100 * low:.1f} to {100 * high:.1f})"


PARTS = {"ours": ours, "course": course}


def main(names):
    """Print the lines of the parts that were asked for, all if none was."""
    for name in names or PARTS:
        for line in PARTS[name]():
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

"""What an emojifier is worth: accuracy on our sentences, the order of words, the course's data, tweets.

`python -m tests.benchmarks.bench_emojify [ours] [course] [tweets]`; the last two need $EMBEDKIT_DATA. Vectors
are those that ship, or in $EMOJI_VECTORS. `make bench` leaves it out.

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
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from embedkit import EnsembleClassifier, TextClassifier, TfidfClassifier, load, load_model
from embedkit.models.emojify import Emojifier
from embedkit.statistics.intervals import wilson
from embedkit.text.labelled import read_labelled
from tests.benchmarks.data import interval

EMOJI = Path(__file__).parents[2] / "corpora" / "emoji"
SHIPPED = EMOJI.parent / "emojify.safetensors"
SEEDS, FOLDS = 10, 5
COURSE = ["❤️", "⚾", "😄", "😞", "🍴"]
TWEETS = {  # models of tweets by their names, each made of a seed
    "n-grams": lambda _: TfidfClassifier(class_weight="balanced"),
    "recurrent": lambda seed: TextClassifier(class_weight="balanced", seed=seed, **TWEET_NETWORK),
    "ensemble": lambda seed: EnsembleClassifier(
        TextClassifier(class_weight="balanced", seed=seed, **TWEET_NETWORK)
    ),
}
TWEET_NETWORK = {"epochs": 6, "min_count": 3}


def vectors():
    """The vectors of $EMOJI_VECTORS, else those that ship."""
    return load(os.environ.get("EMOJI_VECTORS"))


def ours():
    """Lines of accuracy on the part `test`, and of the pairs, of each version and of the model that ships."""
    training, test = (
        read_labelled(EMOJI / "sentences.tsv", only=f"part={part}") for part in ("train", "test")
    )
    models = {f"version {version}": Emojifier(version, vectors()) for version in (1, 2, 3)}
    yield "| model | test | pairs: order | both | likeliest | sentences of pairs |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name, model in models.items():
        model.fit(training.texts, training.labels)
        yield _line(name, model, test)
    if SHIPPED.exists():
        yield _line("as it ships", load_model(SHIPPED), test)


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
    """Lines of the mean accuracy of ten rounds of cross-validation on the 132 sentences of the course."""
    path = Path(os.environ["EMBEDKIT_DATA"], "emojify", "train_emoji.csv")
    data = read_labelled(path, text_column="1", label_column="2", header=False)
    texts, labels = np.array(data.texts, object), np.array(data.labels)
    yield f"| version | accuracy, {SEEDS} rounds |"
    yield "| --- | --- |"
    for version in (1, 2):
        rounds = []
        for seed in range(1, SEEDS + 1):
            right = 0
            for kept, held in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(texts, labels):
                model = Emojifier(version, vectors(), labels=COURSE, seed=seed).fit(texts[kept], labels[kept])
                right += len(held) * model.score(texts[held], labels[held])
            rounds.append(100 * right / len(texts))
        yield f"| {version} | {interval(rounds)} |"


def tweets():
    """Lines of the macro-F1 of each model on the validation part, over three seeds, and minutes to train."""
    folder = Path(os.environ["EMBEDKIT_DATA"], "tweeteval_emoji")
    parts = [_tweets(folder, part) for part in ("train", "val")]
    yield "| model | macro-F1 | minutes |"
    yield "| --- | --- | --- |"
    for name, make in TWEETS.items():
        found, begin, seeds = [], time.perf_counter(), (1, 2, 3) if name != "n-grams" else (1,)
        for seed in seeds:
            model = make(seed).fit(*parts[0])
            found.append(100 * f1_score(parts[1][1], model.predict(parts[1][0]), average="macro"))
        minutes = (time.perf_counter() - begin) / 60 / len(seeds)
        yield f"| {name} | {interval(found) if len(found) > 1 else f'{found[0]:.1f}'} | {minutes:.1f} |"


def _line(name, model, test):
    right = model.predict(test.texts) == np.array(model.emoji_of(test.labels))
    shares = [right, *pairs(model).values()]
    return f"| {name} | {' | '.join(map(_share, shares))} |"


def _share(right):
    low, high = wilson(int(right.sum()), len(right))
    return f"{100 * right.mean():.1f} ({100 * low:.1f} to {100 * high:.1f})"


def _tweets(folder, part):
    texts, labels = (
        (folder / f"{part}_{kind}.txt").read_text("utf-8").splitlines() for kind in ("text", "labels")
    )
    return texts, labels


PARTS = {"ours": ours, "course": course, "tweets": tweets}


def main(names):
    """Print the lines of the parts that were asked for, all if none was."""
    for name in names or PARTS:
        for line in PARTS[name]():
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

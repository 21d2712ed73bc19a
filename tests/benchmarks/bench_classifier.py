"""What a recurrent classifier is worth: accuracy by cross-validation, what each ingredient brings, speed.

`python -m tests.benchmarks.bench_classifier [accuracy] [ingredients] [speed]`, with $EMBEDKIT_DATA set; hours
for all of it, so `make bench` leaves it out. IMDB's official test is never touched: folds are of train.tsv.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from embedkit import MeanVectorClassifier, TextClassifier, TfidfClassifier
from embedkit.models.backend import load_backend
from embedkit.text.labelled import read_labelled, read_texts
from embedkit.text.sequences import encode
from tests.benchmarks.data import interval

FOLDS = 5
INGREDIENTS = {  # what is changed of the recurrent model, one at a time
    "all of it": {},
    "vectors drawn at random": {"embeddings": None, "unlabelled": None},
    "vectors of the training texts only": {"unlabelled": None},
    "vectors frozen": {"fine_tune": False},
    "vectors frozen for 2 epochs": {"fine_tune": 2},
    "the first 400 tokens": {"first_tokens": 400, "last_tokens": 0},
    "the last 400 tokens": {"first_tokens": 0, "last_tokens": 400},
    "one direction": {"bidirectional": False},
    "state after the end": {"pooling": "last"},
    "mean over time": {"pooling": "mean"},
    "attention": {"pooling": "attention"},
    "no dropout": {"vector_dropout": 0.0, "dropout": 0.0},
    "GRU": {"cell": "gru"},
    "convolution": {"cell": "conv", "units": 128},
    "two layers": {"layers": 2},
    "cosine over 6 epochs": {"decay": "cosine", "epochs": 6},
}
SPEED_TEXTS, LENGTH, WORDS, UNITS, BATCH = 3000, 400, 10_000, 64, 64
ROUNDS = 3


def accuracy(texts, labels, unlabelled):
    """Lines of the accuracy of each model over the folds."""
    models = {
        "recurrent": lambda seed: TextClassifier(unlabelled=unlabelled, seed=seed),
        "tfidf": lambda _: TfidfClassifier(),
        "mean-vectors": lambda _: MeanVectorClassifier(),
    }
    for name, make in models.items():
        found, seconds = [], []
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(texts, labels)
        for seed, (kept, held) in enumerate(folds, 1):
            model, took = _fitted(make(seed), texts[kept], labels[kept])
            found.append(100 * model.score(texts[held], labels[held]))
            seconds.append(took)
        yield f"| {name} | {interval(found)} | {np.mean(seconds):.0f} |"


def ingredients(texts, labels, unlabelled):
    """Lines of the accuracy on one fold after each change."""
    kept, held = next(StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(texts, labels))
    for name, changes in INGREDIENTS.items():
        model = TextClassifier(**{"unlabelled": unlabelled, **changes})
        model, took = _fitted(model, texts[kept], labels[kept])
        share = 100 * model.score(texts[held], labels[held])
        yield f"| {name} | {share:.2f} | {took:.0f} | {len(model.history_)} |"


def speed(texts, labels, _):
    """Lines of texts a second: ours and the plain Keras recipe in turn, the same network, one pass each."""
    _, keras = load_backend()
    chosen = np.random.default_rng(1).choice(len(texts), SPEED_TEXTS, replace=False)
    texts, labels = texts[chosen], labels[chosen]
    ours = TextClassifier(
        embeddings=None, max_words=WORDS, vector_size=128, units=UNITS, bidirectional=False, pooling="last",
        vector_dropout=0.0, dropout=0.0, first_tokens=100, last_tokens=300, batch_size=BATCH, epochs=2,
        validation_fraction=0.0,
    )  # fmt: skip
    wide = TextClassifier(embeddings=None, max_words=WORDS, epochs=2, validation_fraction=0.0)
    rates = {
        "plain Keras recipe": [],
        "ours": [],
        "predict, same network": [],
        "predict, default network": [],
    }
    wide.fit(texts, labels)
    for _ in range(ROUNDS):
        ours.fit(texts, labels)
        rates["ours"].append(SPEED_TEXTS / ours.history_[-1].seconds)
        rates["plain Keras recipe"].append(_plain_recipe(keras, ours, texts, labels))
        for name, model in (("predict, same network", ours), ("predict, default network", wide)):
            begin = time.perf_counter()
            model.predict_proba(texts)
            rates[name].append(SPEED_TEXTS / (time.perf_counter() - begin))
    for name, found in rates.items():
        yield f"| {name} | {np.median(found):,.0f} ({min(found):,.0f} to {max(found):,.0f}) texts/s |"
    ratios = np.array(rates["ours"]) / rates["plain Keras recipe"]
    yield f"| training, ours / plain | {np.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |"


def _plain_recipe(keras, model, texts, labels):
    """Texts a second of the second epoch: all rows padded to the same length in front, as courses show it."""
    ids = encode(model.tokenizer_.tokenize_all(texts), model.words_).truncated(100, 300)
    rows = keras.utils.pad_sequences([ids[number] for number in range(len(ids))], LENGTH)
    network = keras.Sequential(
        [
            keras.layers.Embedding(len(model.words_) + 2, 128, mask_zero=True),
            keras.layers.LSTM(UNITS),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    network.compile("adam", "binary_crossentropy")
    targets = (labels == model.classes_[1]).astype(np.float32)
    network.fit(rows, targets, batch_size=BATCH, epochs=1, verbose=0)
    begin = time.perf_counter()
    network.fit(rows, targets, batch_size=BATCH, epochs=1, verbose=0)
    return len(texts) / (time.perf_counter() - begin)


def _fitted(model, texts, labels):
    begin = time.perf_counter()
    model.fit(texts, labels)
    return model, time.perf_counter() - begin


PARTS = {"accuracy": accuracy, "ingredients": ingredients, "speed": speed}


def main(names):
    """Print the lines of the parts that were asked for, all if none was."""
    folder = Path(os.environ["EMBEDKIT_DATA"], "imdb")
    data = read_labelled(folder / "train.tsv.bz2", text_column="text", label_column="label")
    needed = set(names or PARTS) != {"speed"}
    unlabelled = list(read_texts(folder / "unsup.tsv.bz2", text_column="text")) if needed else None
    texts, labels = np.array(data.texts, object), np.array(data.labels)
    for name in names or PARTS:
        for line in PARTS[name](texts, labels, unlabelled):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

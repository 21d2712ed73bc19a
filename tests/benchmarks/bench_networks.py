"""Recurrent networks: seconds a training epoch of embedkit against plain Keras, the same network and texts.

`python -m tests.benchmarks.bench_networks [NAME...] [--texts N] [--epochs N]`, names as in `NETWORKS`, all of
them if none is given. Reviews of IMDB are read, with $EMBEDKIT_DATA set, else texts made up of words in the
frequencies of Zipf and of as many words as reviews have. Every text is cut after 200 tokens. Keras gets rows
padded to 200, as its users write it: masked, and without a mask, where it reads the padding too. The first
epoch, which traces and compiles, is left out, and the others of both are taken in turns.
"""

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np

from embedkit import TextClassifier
from embedkit.models.networks.backend import load_backend
from embedkit.models.word_ids import encode
from embedkit.text.datasets.reading import read_labelled

LENGTH, WORDS, SIZE, UNITS, BATCH, ROUNDS = 200, 10_000, 128, 64, 64, 3
NETWORKS = {
    "lstm": {"cell": "lstm"},
    "gru": {"cell": "gru"},
    "rnn": {"cell": "rnn"},
    "bilstm": {"cell": "lstm", "bidirectional": True},
    "lstm-stack": {"cell": "lstm", "layers": 2},
    "gru-stack": {"cell": "gru", "layers": 2},
    "rnn-stack": {"cell": "rnn", "layers": 2},
}
CELLS = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}


def made_up(count, random):
    """Texts of made-up words, about as long as reviews, and a label for each."""
    shares = 1 / np.arange(10, 30_010)
    lengths = np.exp(random.normal(5.2, 0.65, count)).astype(int) + 10
    words = random.choice(len(shares), lengths.sum(), p=shares / shares.sum())
    parts = np.split(words, np.cumsum(lengths)[:-1])
    return [" ".join(f"w{word}" for word in part) for part in parts], random.choice(["0", "1"], count)


def read_texts(count):
    """So many texts and their labels."""
    random, folder = np.random.default_rng(1), os.environ.get("EMBEDKIT_DATA")
    if not folder:
        return made_up(count, random)
    data = read_labelled(Path(folder, "imdb", "train.tsv.bz2"), text_column="text", label_column="label")
    chosen = random.choice(len(data.texts), count, replace=False)
    return [data.texts[number] for number in chosen], [data.labels[number] for number in chosen]


def ours(network, epochs):
    """A classifier of embedkit with nothing that the plain network has not."""
    return TextClassifier(
        embeddings="random", max_vocabulary=WORDS, vector_size=SIZE, first_tokens=LENGTH, last_tokens=0,
        batch_size=BATCH, epochs=epochs, validation_fraction=0.0, pooling="last", units=UNITS,
        vector_dropout=0.0, dropout=0.0, decay="none", **{"bidirectional": False, **network},
    )  # fmt: skip


def plain(network, words, masked):
    """The same network as Keras' users write it."""
    _, keras = load_backend()
    layers, count = [keras.layers.Embedding(words, SIZE, mask_zero=masked)], network.get("layers", 1)
    for number in range(count):
        kind = getattr(keras.layers, CELLS[network["cell"]])
        layer = kind(UNITS, return_sequences=number + 1 < count)
        layers.append(keras.layers.Bidirectional(layer) if network.get("bidirectional") else layer)
    model = keras.Sequential([*layers, keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def compare(network, texts, labels, epochs):
    """Seconds of an epoch, each a list: of embedkit, of Keras, and of Keras without a mask."""
    _, keras = load_backend()
    model = ours(network, epochs + 1).fit(texts, labels)
    ids = encode(model.tokenizer_.tokenize_all(texts), model.words_).truncated(LENGTH, 0)
    rows = keras.utils.pad_sequences([ids[number] for number in range(len(ids))], LENGTH, padding="post")
    targets = (np.array(labels) == model.classes_[1]).astype(np.float32)
    networks = [plain(network, len(model.words_) + 2, masked) for masked in (True, False)]
    for each in networks:
        each.fit(rows, targets, batch_size=BATCH, verbose=0)
    seconds = [[], [], []]
    for _ in range(ROUNDS):
        model.fit(texts, labels)
        seconds[0] += [epoch.seconds for epoch in model.history_[1:]]
        for found, each in zip(seconds[1:], networks, strict=True):
            for _ in range(epochs):
                begin = time.perf_counter()
                each.fit(rows, targets, batch_size=BATCH, verbose=0)
                found.append(time.perf_counter() - begin)
    return seconds


def main(arguments):
    """Print a line for each network."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", choices=[*NETWORKS, []])
    parser.add_argument("--texts", type=int, default=2560)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args(arguments)
    texts, labels = read_texts(options.texts)
    columns = "network", "embedkit", "Keras, masked", "ratio", "Keras, no mask", "ratio"
    sys.stdout.write(f"{options.texts:,} texts, seconds an epoch, medians\n\n")
    sys.stdout.write(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n")
    for name in options.names or NETWORKS:
        own, masked, unmasked = map(np.median, compare(NETWORKS[name], texts, labels, options.epochs))
        cells = (
            name,
            f"{own:.2f}",
            f"{masked:.2f}",
            f"{masked / own:.1f}",
            f"{unmasked:.2f}",
            f"{unmasked / own:.1f}",
        )
        sys.stdout.write(f"| {' | '.join(cells)} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

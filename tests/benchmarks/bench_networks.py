"""Recurrent networks: seconds a training epoch of embedkit against plain Keras, the same network and texts.

`python -m tests.benchmarks.bench_networks [--layers LAYERS] [--texts N] [--epochs N]`, those in `NETWORKS` if
no layers are given. Reviews of IMDB are read, with $EMBEDKIT_DATA set, else texts made up of words in the
frequencies of Zipf and of as many words as reviews have. Every text is cut after 200 tokens. Keras gets rows
padded to 200, as its users write it: masked, and without a mask, where it reads the padding too. The first
epoch, which traces and compiles, is left out, and the others of both are taken in turns.
"""

import argparse
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from embedkit import TextClassifier
from embedkit.models.layers.layers import Dense
from embedkit.models.layers.spec import read_layers
from embedkit.models.networks.backend import load_backend
from embedkit.models.word_ids import encode
from embedkit.text.datasets.reading import read_labeled

LENGTH, WORDS, SIZE, BATCH, ROUNDS = 200, 10_000, 128, 64, 3
NETWORKS = {
    "LSTM 64": "lstm:64",
    "GRU 64": "gru:64",
    "SimpleRNN 64": "rnn:64",
    "BiLSTM 64": "bilstm:64",
    "BiGRU 64": "bigru:64",
    "LSTM 64, LSTM 64": "lstm:64 lstm:64",
    "GRU 64, GRU 64": "gru:64 gru:64",
    "BiLSTM 64, BiLSTM 32, Dense 64": "bilstm:64 bilstm:32 dense:64:relu",
}


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
    data = read_labeled(Path(folder, "imdb", "train.tsv.bz2"), text_column="text", label_column="label")
    chosen = random.choice(len(data.texts), count, replace=False)
    return [data.texts[number] for number in chosen], [data.labels[number] for number in chosen]


def ours(layers, epochs):
    """A classifier of embedkit with nothing that the plain network has not."""
    return TextClassifier(
        layers=layers, embeddings="random", max_vocabulary=WORDS, vector_size=SIZE, first_tokens=LENGTH,
        last_tokens=0, batch_size=BATCH, epochs=epochs, validation_fraction=0.0, decay="none",
    )  # fmt: skip


def plain(layers, words, masked):
    """The same network as Keras' users write it."""
    _, keras = load_backend()
    made, given = [keras.layers.Embedding(words, SIZE, mask_zero=masked)], read_layers(layers)
    for layer, above in pairwise([*given, None]):
        kind = getattr(keras.layers, type(layer).__name__)
        if isinstance(layer, Dense):
            made.append(kind(layer.units, layer.activation))
            continue
        sequences = hasattr(above, "bidirectional")
        one = kind(layer.units, return_sequences=sequences)
        made.append(keras.layers.Bidirectional(one) if layer.bidirectional else one)
    model = keras.Sequential([*made, keras.layers.Dense(1, activation="sigmoid")])
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def compare(layers, texts, labels, epochs):
    """Seconds of an epoch, each a list: of embedkit, of Keras, and of Keras without a mask."""
    _, keras = load_backend()
    model = ours(layers, epochs + 1).fit(texts, labels)
    ids = encode(model.tokenizer_.tokenize_all(texts), model.words_).truncated(LENGTH, 0)
    rows = keras.utils.pad_sequences([ids[number] for number in range(len(ids))], LENGTH, padding="post")
    targets = (np.array(labels) == model.classes_[1]).astype(np.float32)
    networks = [plain(layers, len(model.words_) + 2, masked) for masked in (True, False)]
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
    parser.add_argument("--layers")
    parser.add_argument("--texts", type=int, default=2560)
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args(arguments)
    texts, labels = read_texts(options.texts)
    columns = "network", "embedkit", "Keras, masked", "ratio", "Keras, no mask", "ratio"
    sys.stdout.write(f"{options.texts:,} texts, seconds an epoch, medians\n\n")
    sys.stdout.write(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n")
    for name, layers in {options.layers: options.layers}.items() if options.layers else NETWORKS.items():
        own, masked, unmasked = map(np.median, compare(layers, texts, labels, options.epochs))
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

"""What regressors are worth: the stars of film reviews, predicted from the reviews.

`python -m tests.benchmarks.bench_regressor [PART ...]`, with $EMBEDKIT_DATA set; some ten minutes a part, so
`make bench` leaves it out. Parts are runs of films, see `bench_classifier`: IMDB's official test is never
touched, and its settings were chosen on part 1.
"""

import os
import sys
import time
from pathlib import Path

import numpy as np

from embedkit import TextRegressor, TfidfRegressor
from embedkit.models.networks.backend import load_backend
from embedkit.models.regression.assessment import assess_numbers
from embedkit.text.datasets.reading import read_labeled
from tests.benchmarks.bench_classifier import ASKED, held_out

LAYERS = "dropout:0.2 bilstm:64 max dropout:0.2"
NETWORK = {
    "punctuation": True,
    "min_count": 5,
    "layers": LAYERS,
    "epochs": 3,
    "decay": "cosine",
    "validation_fraction": 0.0,
}
NGRAMS = {"punctuation": True, "ngrams": 3, "min_df": 3}
MODELS = {
    "ridge regression on TF-IDF n-grams": lambda: TfidfRegressor(**NGRAMS),
    "network, squared error": lambda: TextRegressor(**NETWORK),
    "network, absolute error": lambda: TextRegressor(**NETWORK, loss="absolute_error"),
}


def table(texts, ratings, labels, parts):
    """Lines of the scores of each model on parts of the films, joined."""
    load_backend()
    yield "| model | MAE | RMSE | R² | Spearman | training s |"
    yield "| --- | --- | --- | --- | --- | --- |"
    baseline = None
    for name, make in MODELS.items():
        predicted, truth, means, seconds = [], [], [], 0.0
        for part in parts:
            kept, held = held_out(labels, part)
            model, begin = make(), time.monotonic()
            model.fit([texts[row] for row in kept], ratings[kept])
            seconds += time.monotonic() - begin
            predicted.append(model.predict([texts[row] for row in held]))
            truth.append(ratings[held])
            means.append(ratings[kept].mean())
        found = assess_numbers(np.concatenate(predicted), np.concatenate(truth), float(np.mean(means)))
        baseline = found.baseline
        shown = [score for score in found.totals if score.metric != "Pearson"]
        yield row(name, shown, f"{seconds / len(parts):.0f}")
    yield row("mean of training", baseline, "")


def row(name, scores, seconds):
    cells = []
    for score in scores:
        bounds = "" if score.low is None else f" [{score.low:.3f}, {score.high:.3f}]"
        cells.append(f"{score.value:.3f}{bounds}")
    return f"| {' | '.join([name, *cells, *[''] * (4 - len(cells)), seconds])} |"


def main(parts):
    folder = Path(os.environ["EMBEDKIT_DATA"]) / "imdb"
    path = next(folder.glob("train.tsv*"))
    ratings = read_labeled(path, label_column="rating", numbers=True)
    labels = np.array(read_labeled(path, label_column="label").labels)
    numbers = np.array(ratings.labels, float)
    for line in table(ratings.texts, numbers, labels, parts):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main([*map(int, sys.argv[1:])] or ASKED)

"""Texts as vectors: similarity of sentences (STS benchmark, SICK), and classes by logistic regression.

`python -m tests.benchmarks.bench_texts [similarity] [classes] [-v FILE]...`, with $EMBEDKIT_DATA set; without
-v the vectors that ship. Weights and components are chosen by Pearson's correlation on the training part of
each set, from whose texts components and document frequencies are learned, too; the other part is only
measured. Intervals are of 95 %. Classes are learned in ten folds of the training part, those of SST-2 from
all of it and measured on its development part; the strength of the penalty is fixed.
"""

import argparse
import csv
import lzma
import os
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from embedkit import TextVectors, TfidfClassifier, load, soft_cosine, text_encoder, word_movers_distance
from embedkit.statistics.correlation import pearson, spearman
from embedkit.statistics.correlation_intervals import correlate
from embedkit.vectors.norms import unit_vectors

WEIGHTS = [
    {"weights": "mean"},
    *({"weights": "sif", "smoothing": smoothing} for smoothing in (1e-2, 3e-3, 1e-3, 3e-4)),
    {"weights": "usif"},
    {"weights": "tfidf"},
]
COMPONENTS = (0, 1, 2, 5, 10, 20)
SHOWN = [  # beside the settings that are chosen
    *({"weights": weights, "components": count} for weights in ("mean", "sif", "tfidf") for count in (0, 1)),
    {"weights": "usif", "components": 5},
]
SETS = ("classify_mr", "classify_cr", "classify_subj", "classify_mpqa")
ENCODERS = (
    {"weights": "mean"},
    {"weights": "sif"},
    {"weights": "sif", "components": 5},  # of which classes are made: much of them goes
)
FOLDS = 10


def main():
    """Print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("what", nargs="*", choices=["similarity", "classes", []], help="default: both")
    parser.add_argument("-v", "--vectors", action="append", metavar="FILE", help="default: those that ship")
    options = parser.parse_args()
    if "EMBEDKIT_DATA" not in os.environ:
        parser.exit(2, "name the folder of the data in $EMBEDKIT_DATA\n")
    data = Path(os.environ["EMBEDKIT_DATA"])
    for path in options.vectors or [None]:
        vectors = load(path)
        print_line(f"\n{path or 'bundled'}: {len(vectors):,} words x {vectors.vector_size}\n")
        if "classes" not in options.what:
            similarity(vectors, data / "more")
        if "similarity" not in options.what:
            classes(vectors, data)


def similarity(vectors, folder):
    """Correlations with people's scores."""
    print_line("| set | weights | components | Pearson | Spearman |\n| --- | --- | --- | --- | --- |")
    for name, training, measured in [
        ("STS benchmark dev", stsb(folder, "train"), stsb(folder, "dev")),
        ("SICK trial", sick(folder, "train"), sick(folder, "trial")),
    ]:
        settings = [{**how, "components": count} for how in WEIGHTS for count in COMPONENTS]
        on_training = [pearson(cosines(vectors, training, training, how), training[2]) for how in settings]
        best = settings[int(np.argmax(on_training))]
        for how in [*SHOWN, best]:
            told = how["weights"] + (f" (a = {how['smoothing']:g})" if "smoothing" in how else "")
            chosen = f", chosen on train ({100 * max(on_training):.1f} there)" if how is best else ""
            scores = cosines(vectors, training, measured, how)
            print_row(name, told + chosen, str(how["components"]), *correlations(scores, measured[2]))
        pairs = list(zip(*measured[:2], strict=True))
        moved = [-word_movers_distance(vectors, a, b, normalize=True) for a, b in pairs]
        print_row(name, "word mover's distance", "", *correlations(moved, measured[2]))
        soft = [soft_cosine(vectors, a, b, weights="sif") for a, b in pairs]
        print_row(name, "soft cosine, sif", "", *correlations(soft, measured[2]))


def cosines(vectors, training, measured, how):
    """The cosine of each pair, by an encoder learned from the texts of a training part."""
    encoder = text_encoder(vectors, [*training[0], *training[1]], **how)
    first, second = (unit_vectors(encoder.encode(texts)) for texts in measured[:2])
    return np.einsum("ij,ij->i", first, second)


def correlations(scores, truth):
    """Both correlations with their intervals, as text, times 100."""
    estimates = (correlate(statistic, scores, truth) for statistic in (pearson, spearman))
    return [
        f"{100 * value:.1f} ({100 * low:.1f} to {100 * high:.1f})"
        for value, low, high in (estimate.numbers for estimate in estimates)
    ]


def stsb(folder, part):
    """Texts, texts and scores of a part of the STS benchmark."""
    rows = [line.split("\t") for line in lines_of(folder / "similarity_stsb" / f"{part}.tsv.xz")]
    return [row[5] for row in rows], [row[6] for row in rows], np.array([float(row[4]) for row in rows])


def sick(folder, part):
    """Texts, texts and scores of a part of SICK."""
    lines = lines_of(folder / "similarity_sick" / f"{part}.tsv.xz")
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    first, second = ([row[f"sentence_{side}"] for row in rows] for side in "AB")
    return first, second, np.array([float(row["relatedness_score"]) for row in rows])


def classes(vectors, data):
    """Accuracies, and seconds of training."""
    print_line("\n| set | features | accuracy | seconds |\n| --- | --- | --- | --- |")
    for name in SETS:
        fold_rows(
            name.removeprefix("classify_").upper(), *labeled(data / "more" / name / "train.tsv.xz"), vectors
        )
    questions = (data / "trec" / "train.txt").read_text(encoding="latin-1").split("\n")[:-1]
    kinds = np.array([question.split(":")[0] for question in questions])
    fold_rows("TREC", np.array([question.split(" ", 1)[1] for question in questions], object), kinds, vectors)
    train, dev = (labeled(data / "sst2" / f"{part}.tsv") for part in ("train", "dev"))
    for features, model in models(vectors).items():
        seconds, right = scored(model, *train, *dev)
        print_row("SST-2 dev", features, accuracy(right), f"{seconds:.1f}")


def fold_rows(name, texts, labels, vectors):
    """A row for each model: its accuracy over the folds."""
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(texts, labels))
    for features, model in models(vectors).items():
        runs = [scored(model, texts[kept], labels[kept], texts[held], labels[held]) for kept, held in folds]
        seconds, right = zip(*runs, strict=True)
        print_row(
            f"{name}, {FOLDS} folds", features, accuracy(np.concatenate(right)), f"{np.mean(seconds):.1f}"
        )


def models(vectors):
    """Classifiers by what they are told of."""
    encoded = {
        f"{how['weights']}, {how.get('components', 0)} components": make_pipeline(
            TextVectors(vectors=vectors, **how), StandardScaler(), LogisticRegression(C=0.1, max_iter=300)
        )
        for how in ENCODERS
    }
    return {**encoded, "`TfidfClassifier`": TfidfClassifier(ngrams=2, min_df=1, punctuation=True)}


def scored(model, texts, labels, unseen, truth):
    """Seconds of training, and whether each unseen text gets its label."""
    begin = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(texts, labels)
    seconds = time.perf_counter() - begin
    return seconds, model.predict(unseen) == truth


def accuracy(right):
    """A share in percent, with half the width of its interval."""
    share = right.mean()
    return f"{100 * share:.1f} ± {196 * np.sqrt(share * (1 - share) / len(right)):.1f}"


def lines_of(path):
    """The lines of a file of UTF-8, be it compressed, as they are."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8", newline="\n") as stream:
        return [line.rstrip("\n") for line in stream]


def labeled(path):
    """Texts and labels of lines of both."""
    rows = [line.rsplit("\t", 1) for line in lines_of(path)]
    return np.array([text for text, _ in rows], object), np.array([label for _, label in rows])


def print_row(*cells):
    """A row of a table."""
    print_line(f"| {' | '.join(cells)} |")


def print_line(line):
    """A line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

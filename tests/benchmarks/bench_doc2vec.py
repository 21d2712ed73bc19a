"""Document vectors beside gensim's, and what they are worth on IMDB's reviews.

`python -m tests.benchmarks.bench_doc2vec [gensim] [imdb] [--reviews N] [--seeds N] [--epochs N]`, with the
folder $EMBEDKIT_DATA set; an hour for all of it, so `make bench` leaves it out.

`gensim`: the same reviews, settings and one thread, in turns; processor seconds of training, and the accuracy
of logistic regression on the vectors that were learned of all reviews, labels aside, for films that are held
out. `imdb`: vectors learned of the reviews of other films and the 50,000 without labels; held-out reviews are
inferred. The official test is never touched; films are kept apart as in `bench_classifier`, and settings were
chosen on its part 1.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from gensim.models.doc2vec import Doc2Vec as GensimDoc2Vec
from gensim.models.doc2vec import TaggedDocument
from sklearn.linear_model import LogisticRegression

from embedkit import Corpus, Doc2Vec
from embedkit.models.documents.transformer import DocumentVectors
from embedkit.text.datasets.reading import read_labeled
from embedkit.text.datasets.unlabeled import read_texts
from embedkit.text.pipeline.parameters import text_pipeline
from tests.benchmarks.bench_classifier import ASKED, held_out

PART = 2
EQUAL = {"vector_size": 100, "window": 5, "negative": 5, "min_count": 5, "sample": 1e-3, "workers": 1}
ARCHITECTURES = {
    "PV-DBOW": ({}, {"dm": 0}),
    "PV-DBOW with word training": ({"train_words": True}, {"dm": 0, "dbow_words": 1}),
    "PV-DM, mean": ({"model": "dm"}, {"dm": 1}),
    "PV-DM, concatenated": ({"model": "dm", "concatenate": True}, {"dm": 1, "dm_concat": 1}),
}
BEST = {
    "objective": "cosine", "ngrams": 3, "min_count": 10, "sample": 1e-5, "vector_size": 256, "epochs": 20,
    "punctuation": True,
}  # fmt: skip
C = 30.0


def accuracy(vectors, labels, kept, held):
    """Of logistic regression on some vectors, for others, in per cent."""
    scale = np.sqrt(np.mean(np.sum(vectors[kept] ** 2, axis=1)))  # so that C means the same for both
    model = LogisticRegression(C=C, max_iter=1000).fit(vectors[kept] / scale, labels[kept])
    return 100 * model.score(vectors[held] / scale, labels[held])


def beside_gensim(texts, labels, reviews, seeds, epochs):
    """A line for each architecture: speeds, their ratio, and accuracies over seeds."""
    kept, held = held_out(labels, PART)
    random = np.random.default_rng(0)
    kept, held = random.permutation(kept)[: reviews * 3 // 4], random.permutation(held)[: reviews // 4]
    some = np.concatenate([kept, held])
    tokens = list(text_pipeline().tokenize_all(texts[some].tolist()))
    labels, split = labels[some], np.split(np.arange(len(some)), [len(kept)])
    words = sum(map(len, tokens))
    _tell(f"{len(some):,} reviews, {words:,} words, {epochs} epochs, {seeds} seeds")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.from_documents(tokens, Path(folder, "corpus"))
        for name, (own, other) in ARCHITECTURES.items():
            Doc2Vec(**EQUAL, **own, epochs=1).train(tokens[:50])  # compiles
            speeds, scores = ([], []), ([], [])
            for seed in range(1, seeds + 1):
                begin = time.process_time()
                ours = Doc2Vec(**EQUAL, **own, epochs=epochs, seed=seed).train(corpus).documents.matrix
                speeds[0].append(epochs * words / (time.process_time() - begin) / 1e6)
                theirs = GensimDoc2Vec(**EQUAL, **other, epochs=epochs, seed=seed, alpha=0.05, min_alpha=0.0)
                documents = [TaggedDocument(document, [number]) for number, document in enumerate(tokens)]
                theirs.build_vocab(documents)
                begin = time.process_time()
                theirs.train(documents, total_examples=len(documents), epochs=epochs)
                speeds[1].append(epochs * words / (time.process_time() - begin) / 1e6)
                for found, vectors in zip(scores, (ours, theirs.dv.vectors), strict=True):
                    found.append(accuracy(vectors, labels, *split))
            told = [f"{statistics.median(found):.2f}" for found in speeds]
            ratio = statistics.median(a / b for a, b in zip(*speeds, strict=True))
            means = [" ".join(f"{score:.1f}" for score in found) for found in scores]
            _tell(f"| {name} | {told[0]} | {told[1]} | {ratio:.1f} | {means[0]} | {means[1]} |")


def on_imdb(texts, labels, unlabeled):
    """A line for each part of the films: the accuracy of logistic regression on inferred vectors."""
    for part in ASKED:
        kept, held = held_out(labels, part)
        begin = time.process_time()
        transformer = DocumentVectors(**BEST, seed=part).fit([*texts[kept].tolist(), *unlabeled])
        learned, asked = (transformer.transform(texts[rows].tolist()) for rows in (kept, held))
        model = LogisticRegression(C=C, max_iter=1000).fit(learned, labels[kept])
        score = 100 * model.score(asked, labels[held])
        seconds = time.process_time() - begin
        _tell(f"| part {part} | {score:.2f} | {seconds:.0f} |")


def _tell(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main():
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["gensim", "imdb"])
    parser.add_argument("--reviews", type=int, default=25_000)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=10)
    given = parser.parse_args()
    folder = Path(os.environ["EMBEDKIT_DATA"], "imdb")
    data = read_labeled(folder / "train.tsv.bz2", text_column="text", label_column="label")
    texts, labels = np.array(data.texts, object), np.array(data.labels)
    if "gensim" in given.what:
        beside_gensim(texts, labels, given.reviews, given.seeds, given.epochs)
    if "imdb" in given.what:
        on_imdb(texts, labels, list(read_texts(folder / "unsup.tsv.bz2", text_column="text")))


if __name__ == "__main__":
    main()

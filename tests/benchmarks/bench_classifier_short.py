"""Short texts: the sentiment of sentences (SST-2), the kind of questions (TREC), with vectors trained here.

`python -m tests.benchmarks.bench_classifier_short [sst2] [trec] [--scratch FOLDER]`, with $EMBEDKIT_DATA set.
The vectors are trained on two slices of Wikipedia and on film reviews, whose labels are not read, and stay in
FOLDER as vectors.safetensors for the next run. SST-2's accuracy is that on its development set, which nothing
was tuned on, for three seeds. TREC's is by cross-validation in its training questions, three times over with
other folds; the settings were chosen by such folds too.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from embedkit import EnsembleClassifier, MeanVectorClassifier, TextClassifier, TfidfClassifier, Word2Vec, load
from embedkit.text.corpus import Corpus
from embedkit.text.labelled import read_texts
from embedkit.text.readers import read_lines
from embedkit.text.words import WordsTokenizer
from tests.benchmarks.data import interval, timed

SEEDS = (1, 2, 3)
FOLDS = 5
WORDS = 60_000  # of the vectors, the most frequent
SENTENCES = {"units": 128, "epochs": 3}
QUESTIONS = {"units": 100, "epochs": 8, "batch_size": 32, "learning_rate": 3e-3, "vector_dropout": 0.2}
CORPUS = ("corpus/simplewiki.txt.xz", "corpus/enwiki.txt.xz")
REVIEWS = ("imdb/train.tsv.bz2", "imdb/unsup.tsv.bz2")
TRAINER = Word2Vec(vector_size=128, sample=1e-4, epochs=2, max_vocabulary=150_000)
# n't, 's and so on are words of their own in both data sets
CLITICS = re.compile(r"(n't|'(?:s|re|ve|ll|d|m))\b", re.IGNORECASE)


def sst2(folder, vectors):
    """Lines of the accuracy of each model on the development set."""
    texts, labels = _phrases(folder / "sst2" / "train.tsv")
    unseen, truth = _phrases(folder / "sst2" / "dev.tsv")
    for name, make in _models(vectors, **SENTENCES).items():
        runs = [_run(make(seed), texts, labels, unseen, truth) for seed in SEEDS]
        yield _line(f"SST-2, {name}", runs)


def trec(folder, vectors):
    """Lines of the mean accuracy of each model over the folds."""
    questions = (folder / "trec" / "train.txt").read_text(encoding="latin-1")
    lines = [line.split(" ", 1) for line in questions.split("\n")[:-1]]
    texts = np.array([text for _, text in lines], object)
    labels = np.array([label.split(":")[0] for label, _ in lines])
    for name, make in _models(vectors, **QUESTIONS).items():
        yield _line(f"TREC, {name}", [_cross_validate(make, texts, labels, seed) for seed in SEEDS])


def trained_vectors(folder, scratch):
    """The vectors in `scratch`, which are trained if they are not there yet."""
    path = scratch / "vectors.safetensors"
    if not path.exists():
        with tempfile.TemporaryDirectory(dir=scratch) as place:
            text = Path(place, "text.txt")
            with text.open("w", encoding="utf-8") as stream:
                stream.writelines(CLITICS.sub(r" \1", line) + "\n" for line in _unlabelled(folder))
            corpus = Corpus.encode(text, Path(place, "corpus"), tokenizer=WordsTokenizer(punctuation=True))
            TRAINER.train(corpus).save(path)
    return load(path).subset(WORDS)


def _models(vectors, **settings):
    """A maker of each model, given a seed."""

    def network(seed):
        return TextClassifier(
            embeddings=vectors, decay="cosine", validation_fraction=0.0, seed=seed, **settings
        )

    def ngrams():
        return TfidfClassifier(ngrams=2, min_df=1, punctuation=True)

    return {
        "mean-vectors": lambda _: MeanVectorClassifier(vectors),
        "tfidf": lambda _: ngrams(),
        "recurrent": network,
        "recurrent and n-grams": lambda seed: EnsembleClassifier(network(seed), ngrams()),
    }


def _cross_validate(make, texts, labels, seed):
    """Means over the folds of percent right and of seconds."""
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(texts, labels)
    return np.mean([_run(make(seed), texts[a], labels[a], texts[b], labels[b]) for a, b in folds], axis=0)


def _run(model, texts, labels, unseen, truth):
    """Percent right of the unseen texts, and the seconds of training."""
    seconds, fitted = timed(lambda: model.fit(texts, labels))
    return 100 * fitted.score(unseen, truth), seconds


def _line(name, runs):
    shares, seconds = zip(*runs, strict=True)
    return f"| {name} | {interval(shares)} | {np.mean(seconds):.0f} |"


def _phrases(path):
    lines = [line.rstrip("\n").rsplit("\t", 1) for line in read_lines(path)]
    return np.array([text for text, _ in lines], object), np.array([int(label) for _, label in lines])


def _unlabelled(folder):
    """The reviews, and the paragraphs of the corpus."""
    for name in REVIEWS:
        yield from (text.replace("<br />", " ") for text in read_texts(folder / name, text_column="text"))
    yield from read_lines([folder / name for name in CORPUS])


PARTS = {"sst2": sst2, "trec": trec}


def main():
    """Print the lines of the parts that were asked for, both if none was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="sst2|trec")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir(), "short-texts"))
    asked = parser.parse_args()
    asked.scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(os.environ["EMBEDKIT_DATA"])
    vectors = trained_vectors(folder, asked.scratch)
    sys.stdout.write("| what | accuracy, % | seconds |\n| --- | --- | --- |\n")
    for name in asked.parts or PARTS:
        for line in PARTS[name](folder, vectors):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

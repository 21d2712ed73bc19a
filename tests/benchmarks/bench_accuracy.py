"""What training is worth: analogies and word similarity beside gensim, over three seeds.

`python -m tests.benchmarks.bench_accuracy`, with $EMBEDKIT_DATA set. Five epochs on Simple Wikipedia, each
tool with the learning rate it has by default, and gensim also with ours. All words are candidates.
"""

import sys
import tempfile
from pathlib import Path

from gensim.models import Word2Vec as GensimWord2Vec

from embedkit import Corpus, Embeddings, Word2Vec
from tests.benchmarks.bench_training import SETTINGS, THREADS, TREE, gensim_settings
from tests.benchmarks.data import (
    find,
    google_answers,
    interval,
    skipped,
    wordsim_correlation,
    written_for_gensim,
)

SEEDS = (1, 2, 3)
EPOCHS = 5


def run():
    """Rows of (what, embedkit, gensim, ratio): accuracies and correlations in percent."""
    source = find("simplewiki.txt")
    if not source:
        return skipped("accuracy")
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.encode(source, Path(folder, "corpus"))
        text = Path(folder, "gensim.txt")
        written_for_gensim(corpus, text)
        kinds = [{"model": model, **output} for output in ({}, TREE) for model in ("skipgram", "cbow")]
        return [row for kind in kinds for row in _compare(kind, corpus, text)]


def _compare(kind, corpus, text):
    ours = [_scores(_embedkit(kind, corpus, seed)) for seed in SEEDS]
    theirs = [_scores(_gensim(kind, text, seed, alpha=0.025)) for seed in SEEDS]
    faster = [_scores(_gensim(kind, text, seed, alpha=0.05)) for seed in SEEDS]
    told = kind["model"] + ", hierarchical softmax" * ("hierarchical_softmax" in kind)
    for name, own, other, third in zip(
        ("Google analogies", "WordSim-353"),
        *(zip(*scores, strict=True) for scores in (ours, theirs, faster)),
        strict=True,
    ):
        yield {
            "what": f"{name}, {told}, {EPOCHS} epochs, {len(SEEDS)} seeds",
            "embedkit": interval(own),
            "gensim": f"{interval(other)}; with our learning rate {interval(third)}",
            "ratio": "",
        }


def _scores(vectors):
    return 100 * google_answers(vectors).mean(), wordsim_correlation(vectors)


def _embedkit(kind, corpus, seed):
    return Word2Vec(**SETTINGS, **kind, seed=seed, epochs=EPOCHS, workers=THREADS).train(corpus)


def _gensim(kind, text, seed, alpha):
    settings = gensim_settings(**kind)
    trained = GensimWord2Vec(**settings, seed=seed, epochs=EPOCHS, alpha=alpha, corpus_file=str(text))
    return Embeddings.from_gensim(trained.wv)


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

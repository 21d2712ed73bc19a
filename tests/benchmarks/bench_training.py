"""Training speed beside gensim's `corpus_file`, in one run, on the same tokens, threads and settings.

`python -m tests.benchmarks.bench_training`, with $EMBEDKIT_DATA set. The clock runs while each trains: not
while the text is read, the vocabulary made or a kernel compiled.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from gensim.models import Word2Vec as GensimWord2Vec

from embedkit import Corpus, Word2Vec
from embedkit.progress import SILENT
from embedkit.training.corpus_trainer import train_epoch
from embedkit.training.meter import Meter
from embedkit.training.word2vec.trainer import Word2VecTrainer
from tests.benchmarks.data import find, skipped, written_for_gensim

REPEATS = 3
SETTINGS = {"vector_size": 100, "window": 5, "negative": 5, "min_count": 5, "sample": 1e-4}
THREADS = 2
TREE = {"hierarchical_softmax": True}


def run():
    """Rows of (what, embedkit, gensim, ratio)."""
    simple, english = find("simplewiki.txt"), find("enwiki.txt")
    if not simple or not english:
        return skipped("training")
    with tempfile.TemporaryDirectory() as folder:
        small = Corpus.encode(simple, Path(folder, "small"))
        large = Corpus.encode([simple, english], Path(folder, "large"))
        text = Path(folder, "gensim.txt")
        written_for_gensim(small, text)
        return [
            _beside_gensim("skip-gram", small, text, model="skipgram"),
            _beside_gensim("CBOW", small, text, model="cbow"),
            _beside_gensim("skip-gram, hierarchical softmax", small, text, model="skipgram", **TREE),
            _beside_gensim("CBOW, hierarchical softmax", small, text, model="cbow", **TREE),
            _beside_gensim("skip-gram, 300 dimensions", small, text, model="skipgram", vector_size=300),
            _beside_gensim("CBOW, 300 dimensions", small, text, model="cbow", vector_size=300),
            _alone("skip-gram, both wiki files", large, THREADS, model="skipgram"),
            _alone("skip-gram, 1 thread", small, 1, model="skipgram"),
            _alone("skip-gram, 2 threads", small, 2, model="skipgram"),
        ]


def _beside_gensim(what, corpus, text, **settings):
    ours, theirs = [], []
    for _ in range(REPEATS):
        ours.append(_embedkit_speed(corpus, THREADS, **settings))
        theirs.append(_gensim_speed(corpus, text, **settings))
    ratios = [own / other for own, other in zip(ours, theirs, strict=True)]
    return {
        "what": f"{what}, {corpus.words / 1e6:.1f} M words, {THREADS} threads",
        "embedkit": f"{statistics.median(ours):.2f} M words/s",
        "gensim": f"{statistics.median(theirs):.2f} M words/s",
        "ratio": f"{statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f})",
    }


def _alone(what, corpus, threads, **settings):
    speeds = [_embedkit_speed(corpus, threads, **settings) for _ in range(REPEATS)]
    words = len(corpus.vocabulary.prefix(min_count=SETTINGS["min_count"]))
    return {
        "what": f"{what}, {corpus.words / 1e6:.1f} M words, vocabulary {words:,}",
        "embedkit": f"{statistics.median(speeds):.2f} M words/s ({min(speeds):.2f} to {max(speeds):.2f})",
        "gensim": "",
        "ratio": "",
    }


def _embedkit_speed(corpus, threads, **settings):
    """Million raw words a second in one pass."""
    parameters = Word2Vec(**{**SETTINGS, **settings}, epochs=1)
    trainer = Word2VecTrainer(parameters, corpus, corpus.vocabulary.prefix(min_count=parameters.min_count))
    trainer.compile()
    begin = time.perf_counter()
    train_epoch(trainer, 0, threads, Meter(SILENT))
    return corpus.words / (time.perf_counter() - begin) / 1e6


def gensim_settings(model, hierarchical_softmax=False, **settings):
    """The settings as gensim takes them."""
    output = {"hs": 1, "negative": 0} if hierarchical_softmax else {}
    return {**SETTINGS, **settings, **output, "sg": int(model == "skipgram"), "workers": THREADS}


def _gensim_speed(corpus, text, **settings):
    """Million raw words a second in one pass."""
    trainer = GensimWord2Vec(**gensim_settings(**settings))
    trainer.build_vocab(corpus_file=str(text))
    begin = time.perf_counter()
    trainer.train(
        corpus_file=str(text),
        total_examples=trainer.corpus_count,
        total_words=trainer.corpus_total_words,
        epochs=1,
    )
    return corpus.words / (time.perf_counter() - begin) / 1e6


if __name__ == "__main__":
    for row in run():
        sys.stdout.write(" | ".join(row.values()) + "\n")

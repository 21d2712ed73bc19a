"""`engine="gensim"`: the same corpus, vocabulary and hyper-parameters, trained by gensim."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import DependencyError
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.epoch_state import EpochHook, EpochState
from embedkit.training.word2vec.parameters import Word2VecParameters

MAX_DOCUMENT = 10_000  # words of a document that gensim trains on; the rest it drops without a word


def check_installed() -> None:
    """Raise `DependencyError` if there is no gensim."""
    if find_spec("gensim") is None:
        raise DependencyError('engine="gensim" needs gensim: pip install "embedkit[gensim]"')


def train(
    parameters: Word2VecParameters,
    corpus: Corpus,
    vocabulary: Vocabulary,
    workers: int,
    progress: Progress,
    after_epoch: EpochHook | None = None,
    start: None = None,
    saver: Saver = UNSAVED,
    cluster: None = None,
) -> EpochState:
    """Train on a corpus with the words of `vocabulary`; no losses, as gensim's are not those of an epoch.

    Nothing is saved on the way.
    """
    from gensim.models import Word2Vec as GensimWord2Vec

    p = parameters
    model = GensimWord2Vec(
        sg=int(p.model == "skipgram"), hs=int(p.hierarchical_softmax),
        negative=0 if p.hierarchical_softmax else p.negative, vector_size=p.vector_size, window=p.window,
        min_count=1, sample=p.sample, ns_exponent=p.ns_exponent, alpha=p.learning_rate,
        min_alpha=p.min_learning_rate, shrink_windows=p.shrink_windows, workers=workers, seed=p.seed,
        epochs=p.epochs,
    )  # fmt: skip
    assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
    counts = vocabulary.counts.tolist()
    model.build_vocab_from_freq(dict(zip(vocabulary.words, counts, strict=True)))
    progress.start("training with gensim")
    model.train(
        Sentences(corpus, vocabulary),
        total_words=sum(counts),
        epochs=p.epochs,
        report_delay=1e9,
        callbacks=[_epoch_callback(vocabulary, after_epoch)] if after_epoch else (),
    )
    progress.finish(f"{len(vocabulary):,} words")
    return EpochState(p.epochs, _vectors(model, vocabulary), None)


def _vectors(model: Any, vocabulary: Vocabulary) -> Floats2d:
    """Gensim's vectors in the order of our words."""
    return np.stack([model.wv[word] for word in vocabulary.words])


def _epoch_callback(vocabulary: Vocabulary, after_epoch: EpochHook) -> Any:
    """What gensim calls at the end of each epoch."""
    from gensim.models.callbacks import CallbackAny2Vec

    class EpochReport(CallbackAny2Vec):  # type: ignore[misc]
        epochs = 0

        def on_epoch_end(self, model: Any) -> None:
            self.epochs += 1
            after_epoch(EpochState(self.epochs, _vectors(model, vocabulary), None))

    return EpochReport()


class Sentences:
    """The documents of a corpus as lists of words, cut where gensim would drop the rest."""

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary) -> None:
        self._corpus, self._vocabulary = corpus, vocabulary

    def __iter__(self) -> Iterator[list[str]]:
        words = self._vocabulary.words
        for document in self._corpus:
            known = document[document < len(words)].tolist()
            for start in range(0, len(known), MAX_DOCUMENT):
                yield [words[i] for i in known[start : start + MAX_DOCUMENT]]

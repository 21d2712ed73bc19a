"""Word2vec in training: its two matrices, and the kernel that changes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver, Tensors
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.corpus_place import CorpusPlace
from embedkit.text.corpus.shards import Shard
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.cluster_training import rounds_on
from embedkit.training.corpus_trainer import CorpusTrainer, train_epochs
from embedkit.training.epoch_state import EpochHook, EpochState
from embedkit.training.word2vec.expected_updates import expected_targets, mean_contexts
from embedkit.training.word2vec.initialization import initialize
from embedkit.training.word2vec.output_layers import output_layer
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.start import Start

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster


def train(
    parameters: Word2VecParameters,
    corpus: Corpus,
    vocabulary: Vocabulary,
    workers: int,
    progress: Progress,
    after_epoch: EpochHook | None = None,
    start: Start | None = None,
    saver: Saver = UNSAVED,
    cluster: Cluster | None = None,
) -> EpochState:
    """Train on a corpus with the words of `vocabulary`, a prefix of the corpus's; here, or on a cluster."""
    trainer = Word2VecTrainer(parameters, corpus, vocabulary, start)
    place = CorpusPlace.of(corpus)
    build = partial(Word2VecTrainer.on, place, parameters, start)
    with rounds_on(cluster, build, trainer, place, parameters.wire, progress) as rounds:
        return train_epochs(trainer, workers, progress, after_epoch, saver, rounds)


class Word2VecTrainer(CorpusTrainer):
    """The two matrices of a model in training, and everything the kernels need to change them."""

    parameters: Word2VecParameters

    def __init__(
        self,
        parameters: Word2VecParameters,
        corpus: Corpus,
        vocabulary: Vocabulary,
        start: Start | None = None,
    ) -> None:
        super().__init__(parameters, corpus, vocabulary)
        p = self.parameters
        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        self._layer = output_layer(p, vocabulary.counts)
        drawn = self.piece_words * self._layer.rows
        dtype = np.uint16 if p.precision == "bfloat16" else np.float32
        most = self.piece_words + 2 * p.window, drawn
        pools = [self.matrix(len(vocabulary), capacity, dtype) for capacity in most]
        self._matrices = [pool.flat for pool in pools]
        self.inputs, self.outputs = (pool.rows for pool in pools)
        initialize(self.inputs, self.outputs, p, start)
        self._frozen: Any = None
        if start and start.frozen.any():
            self._frozen = start.frozen.astype(np.uint8), self.inputs.flatten()
        targets = expected_targets(p, vocabulary.counts, corpus.words, self.piece_words)
        self.set_up_rounds(pools, [mean_contexts(p) * targets, self._layer.updates(targets)])
        if self.rounds:
            pools[0].foresee()
        if self._layer.paths is None:
            self.set_up_noise(pools[1], vocabulary.counts, targets)

    def train_range(
        self, worker: int, shard: Shard, start: int, stop: int, rate: float, last: float, key: np.uint64
    ) -> Any:
        """Train on positions [start, stop) of a shard."""
        p = self.parameters
        predicted, *share = (self._layer.paths,) if self._layer.paths else self.noise(worker)
        return self._layer.kernel(
            *self._matrices, *shard, start, stop, self.keep, predicted, p.window, rate, last, key,
            p.shrink_windows, self._frozen, self.private(worker), *share,
        )  # fmt: skip

    def tensors(self) -> Tensors:
        """The two matrices."""
        return {"inputs": self.inputs, "outputs": self.outputs}

    def vectors(self) -> Floats2d:
        """The input vectors, float32 (V, D), read-only."""
        return self.unpadded(self.inputs)

    def output_vectors(self) -> Floats2d | None:
        """The output vectors, float32 (V, D), if `keep_output` asks for them."""
        return self.unpadded(self.outputs) if self.parameters.keep_output else None

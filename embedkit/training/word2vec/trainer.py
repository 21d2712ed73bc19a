"""Word2vec in training: its two matrices, and the kernel that changes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.progress import Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.shards import Shard
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.corpus_trainer import PIECE, CorpusTrainer, train_epochs
from embedkit.training.epoch_state import EpochHook, EpochState
from embedkit.training.rounds.merging import damping
from embedkit.training.rounds.rounds import RoundMerger
from embedkit.training.rounds.row_pool import RowPool
from embedkit.training.word2vec.expected_updates import expected_updates
from embedkit.training.word2vec.initialization import initialize
from embedkit.training.word2vec.output_layers import output_layer
from embedkit.training.word2vec.parameters import Word2VecParameters
from embedkit.training.word2vec.start import Start


def train(
    parameters: Word2VecParameters,
    corpus: Corpus,
    vocabulary: Vocabulary,
    workers: int,
    progress: Progress,
    after_epoch: EpochHook | None = None,
    start: Start | None = None,
) -> EpochState:
    """Train on a corpus with the words of `vocabulary`, a prefix of the corpus's."""
    trainer = Word2VecTrainer(parameters, corpus, vocabulary, start)
    return train_epochs(trainer, workers, progress, after_epoch)


class Word2VecTrainer(CorpusTrainer):
    """The two matrices of a model in training, and everything the kernels need to change them.

    With `deterministic` parameters a piece is what a worker of a round trains on. A round of one worker
    trains in place, on one thread.
    """

    parameters: Word2VecParameters

    def __init__(
        self,
        parameters: Word2VecParameters,
        corpus: Corpus,
        vocabulary: Vocabulary,
        start: Start | None = None,
    ) -> None:
        parameters = parameters.settled(corpus.words)
        super().__init__(parameters, corpus, vocabulary)
        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        self.piece_words = parameters.round_words or PIECE
        round_workers = parameters.round_workers or 1
        self._pools = self._matrices(len(vocabulary), round_workers if round_workers > 1 else 0)
        self.inputs, self.outputs = (pool.rows for pool in self._pools)
        initialize(self.inputs, self.outputs, parameters, start)
        self._frozen: dict[str, Any] = {}
        if start and start.frozen.any():
            self._frozen["frozen"] = start.frozen.astype(np.uint8), self.inputs.flatten()
        self._kernel, self.targets = output_layer(parameters, vocabulary.counts)
        if round_workers > 1:
            updates = expected_updates(parameters, vocabulary.counts, corpus.words, self.piece_words)
            dampings = [damping(each, round_workers) for each in updates]
            self.merger = RoundMerger(self._pools, dampings, parameters.vector_size)

    def _matrices(self, words: int, workers: int) -> list[RowPool]:
        """The input and the output matrix, with rows for the most words that a piece may hold and draw."""
        p = self.parameters
        most = self.piece_words + 2 * p.window, self.piece_words * (1 + p.negative)
        return [RowPool(words, p.vector_size, workers, capacity) for capacity in most]

    def most_threads(self, workers: int) -> int:
        """How many of so many threads there is use for."""
        return 1 if self.parameters.round_workers == 1 else workers

    def train_range(
        self, worker: int, shard: Shard, start: int, stop: int, rate: float, last: float, key: np.uint64
    ) -> Any:
        """Train on positions [start, stop) of a shard."""
        p = self.parameters
        private: dict[str, Any] = {}
        if self.merger:
            for name, pool in zip(("input", "output"), self._pools, strict=True):
                private[f"{name}_places"] = pool.places[worker]
                private[f"free_{name}"] = pool.first_private(worker)
        return self._kernel(
            *(pool.flat for pool in self._pools), *shard, start, stop,
            self.keep, self.targets, p.window, rate, last, key, p.shrink_windows,
            **self._frozen, **private,
        )  # fmt: skip

    def vectors(self) -> Floats2d:
        """The input vectors, float32 (V, D), read-only."""
        return self.unpadded(self.inputs)

    def output_vectors(self) -> Floats2d | None:
        """The output vectors, float32 (V, D), if `keep_output` asks for them."""
        return self.unpadded(self.outputs) if self.parameters.keep_output else None

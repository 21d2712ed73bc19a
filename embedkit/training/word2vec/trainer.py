"""Word2vec in training: its two matrices, and the kernel that changes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.progress import Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.corpus_trainer import CorpusTrainer, train_epochs
from embedkit.training.epoch_state import EpochHook, EpochState
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
    """The two matrices of a model in training, and everything the kernels need to change them."""

    parameters: Word2VecParameters

    def __init__(
        self,
        parameters: Word2VecParameters,
        corpus: Corpus,
        vocabulary: Vocabulary,
        start: Start | None = None,
    ) -> None:
        from embedkit.simd.storage import aligned_matrix

        super().__init__(parameters, corpus, vocabulary)
        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        self.inputs = aligned_matrix(len(vocabulary), parameters.vector_size)
        self.outputs = aligned_matrix(len(vocabulary), parameters.vector_size)
        initialize(self.inputs, self.outputs, parameters, start)
        self._frozen: dict[str, Any] = {}
        if start and start.frozen.any():
            self._frozen["frozen"] = start.frozen.astype(np.uint8), self.inputs.flatten()
        self._kernel, self._targets = output_layer(parameters, vocabulary.counts)

    def train_range(
        self, ids: Any, offsets: Any, start: int, stop: int, rate: float, last: float, key: np.uint64
    ) -> Any:
        """Train on positions [start, stop) of a shard."""
        p = self.parameters
        return self._kernel(
            self.inputs.reshape(-1), self.outputs.reshape(-1), ids, offsets, start, stop,
            self.keep, self._targets, p.window, rate, last, key, p.shrink_windows, **self._frozen,
        )  # fmt: skip

    def vectors(self) -> Floats2d:
        """The input vectors, float32 (V, D), read-only."""
        return self._unpadded(self.inputs)

    def output_vectors(self) -> Floats2d | None:
        """The output vectors, float32 (V, D), if `keep_output` asks for them."""
        return self._unpadded(self.outputs) if self.parameters.keep_output else None

    def _unpadded(self, matrix: Floats2d) -> Floats2d:
        vectors = matrix[:, : self.parameters.vector_size].copy()
        vectors.flags.writeable = False
        return vectors

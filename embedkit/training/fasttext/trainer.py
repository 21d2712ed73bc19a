"""The training loop of fastText: that of word2vec, with rows of n-grams."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.arrays import Doubles1d, Floats2d, Longs1d
from embedkit.saver import Tensors
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.shards import Shard
from embedkit.text.packed_words import PackedWords
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.corpus_trainer import CorpusTrainer
from embedkit.training.fasttext.ngram_rows import NgramRows
from embedkit.training.fasttext.parameters import FastTextParameters
from embedkit.training.word2vec.expected_updates import expected_targets, mean_contexts, sample_updates
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords


class FastTextTrainer(CorpusTrainer):
    """The two matrices of a model in training, and which rows each word is made of.

    The last row of the first is that of n-grams of no word, zero.
    """

    parameters: FastTextParameters

    def __init__(self, parameters: FastTextParameters, corpus: Corpus, vocabulary: Vocabulary) -> None:
        from embedkit.training.kernels.subword_windows import subword_trainer

        super().__init__(parameters, corpus, vocabulary)
        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        p = self.parameters
        self._words = PackedWords.of(vocabulary.words)
        self.ngrams = NgramRows.of(self._words, p.min_n, p.max_n, p.bucket)
        reached = self.piece_words + 2 * p.window
        pools = [
            self.matrix(self.ngrams.size + 1, reached * int(np.diff(self.ngrams.offsets).max())),
            self.matrix(len(vocabulary), self.piece_words * (1 + p.negative)),
        ]
        self.inputs, self.outputs = (pool.rows for pool in pools)
        random = np.random.default_rng(p.seed)
        random_rows = random.random((self.ngrams.size, p.vector_size), dtype=np.float32)
        self.inputs[:-1, : p.vector_size] = (2 * random_rows - 1) / p.vector_size
        self.positions: Floats2d | None = None
        if p.position_weights:
            pools.append(self.matrix(2 * p.window, 2 * p.window))
            self.positions = pools[-1].rows
            self.positions[:, : p.vector_size] = 1
        self._matrices = [pool.flat for pool in pools]
        targets = expected_targets(p, vocabulary.counts, corpus.words, self.piece_words)
        self.set_up_rounds(pools, self._expected_updates(vocabulary.counts, targets))
        self.set_up_noise(pools[1], vocabulary.counts, targets)
        self._kernel = subword_trainer(p.vector_size, p.negative, p.model == "cbow")

    def _expected_updates(self, counts: Longs1d, targets: Doubles1d) -> list[Doubles1d]:
        """How often a worker of a round is expected to change the rows of each matrix."""
        p, rows = self.parameters, self.ngrams
        often = np.repeat(mean_contexts(p) * targets, np.diff(rows.offsets))
        inputs = np.bincount(rows.rows, often, rows.size + 1)
        outputs = sample_updates(targets, counts, p.negative, p.ns_exponent)
        return [inputs, outputs, *[np.full(2 * p.window, targets.sum())] * p.position_weights]

    def subwords(self, epochs: int) -> FastTextSubwords | None:
        """The rows of n-grams after so many epochs; None if no word has any.

        They are copied while training goes on, and the matrix itself when it is over, unless private rows of
        workers stand behind it.
        """
        going_on = epochs < self.parameters.epochs or self.rounds is not None
        table = self.inputs[:, : self.parameters.vector_size]
        return self._subwords(table.copy() if going_on else table)

    def _subwords(self, table: Floats2d) -> FastTextSubwords | None:
        rows, p = self.ngrams, self.parameters
        if not len(rows.buckets):
            return None
        table.flags.writeable = False
        return FastTextSubwords(
            table, p.min_n, p.max_n, p.bucket, rows.buckets, rows.bucket_rows, default_row=rows.size
        )

    def tensors(self) -> Tensors:
        """The matrices of words and n-grams, of outputs and, if there are any, of weights of positions."""
        held = {"inputs": self.inputs, "outputs": self.outputs}
        return held if self.positions is None else {**held, "positions": self.positions}

    def vectors(self) -> Floats2d:
        """The mean of the rows of each word, float32 (V, D), read-only."""
        table = self.inputs[:, : self.parameters.vector_size]
        own, subwords = table[self.ngrams.own], self._subwords(table)
        vectors = own if subwords is None else subwords.means(self._words, own)
        vectors.flags.writeable = False
        return vectors

    def output_vectors(self) -> Floats2d | None:
        """The output vectors, float32 (V, D), if `keep_output` asks for them."""
        return self.unpadded(self.outputs) if self.parameters.keep_output else None

    def train_range(
        self, worker: int, shard: Shard, start: int, stop: int, rate: float, last: float, key: np.uint64
    ) -> Any:
        """Train on positions [start, stop) of a shard."""
        p, n = self.parameters, self.ngrams
        inputs, outputs, *positions = self._matrices
        noise, share = self.noise(worker)
        return self._kernel(
            inputs, outputs, n.rows, n.weights, n.offsets, n.lengths,
            *shard, start, stop, self.keep, noise, p.window, p.shrink_windows, rate, last, key,
            positions[0] if positions else None, self.private(worker), share,
        )  # fmt: skip

"""Learners: the matrices of a model in training, and everything the kernels need to change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from embedkit.arrays import Doubles1d, Floats2d, Longs1d
from embedkit.text.corpus.shards import Shard
from embedkit.training.doc2vec.parameters import Doc2VecParameters
from embedkit.training.doc2vec.pieces import DocumentRange, Job
from embedkit.training.rounds.rounds import Rounds
from embedkit.training.rounds.row_pool import PrivateRows, RowPool
from embedkit.training.word2vec.expected_updates import sample_updates
from embedkit.training.word2vec.initialization import fill_evenly
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds


class DocumentShards(NamedTuple):
    """The documents to learn, shard by shard.

    Args:
        words: word ids, used where words are trained.
        targets: target ids of the same documents.
        first: the row of the first document of each shard.
        continues: whether that is the rest of the last document of the shard before.
        documents: how many there are in all.
    """

    words: Sequence[Shard]
    targets: Sequence[Shard]
    first: Sequence[int]
    continues: Sequence[bool]
    documents: int


class Chances(NamedTuple):
    """How likely targets are kept, uint32 (T,), and the alias table of noise, uint32 (T, 2)."""

    keep: Any
    noise: Any


class Learner(Protocol):
    """Matrices in training, float32 with padded rows, and what changes them."""

    documents: Floats2d
    targets: Floats2d
    words: Floats2d | None
    rounds: Rounds | None

    def learn(self, job: Job, worker: int = 0) -> tuple[int, float]:
        """Train on a piece, as this worker of a round; returns the predictions made and their loss."""


class BagLearner:
    """Distributed bags of words: documents predict targets and, if asked, words the words around them."""

    def __init__(
        self, parameters: Doc2VecParameters, shards: DocumentShards, counts: Longs1d, words: Longs1d,
        largest: int,
    ) -> None:  # fmt: skip
        from embedkit.simd.lanes import LANES
        from embedkit.simd.storage import aligned_matrix
        from embedkit.training.kernels.distributed_bag import bag_trainer

        p = self.parameters = parameters
        self._shards = shards
        self._chances = chances(counts, p)
        random, fill = np.random.default_rng(p.seed), _sphere if p.cosine else fill_evenly
        self.documents = aligned_matrix(shards.documents, p.vector_size)
        fill(self.documents, p.vector_size, random)
        most = largest * (LANES + p.train_words * (1 + p.negative))
        targets = RowPool(len(counts), p.vector_size, p.round_workers or 1, most)
        self.targets = targets.rows
        if p.cosine:
            fill(self.targets, p.vector_size, random)
        self.words: Floats2d | None = None
        pools, updates = [targets], self._expected_updates(counts, words)
        self._train_bags = bag_trainer(p.vector_size, p.cosine, False)
        if p.train_words:
            from embedkit.training.kernels.negative_sampling import window_trainer

            pools.insert(0, RowPool(len(words), p.vector_size, p.round_workers or 1, largest + 2 * p.window))
            self.words = pools[0].rows
            fill_evenly(self.words, p.vector_size, random)
            self._word_chances = chances(words, p)
            self._train_windows = window_trainer(p.vector_size, p.negative, False)
        self._matrices = [pool.flat for pool in pools]
        self.rounds = Rounds.of(p, pools, updates)

    def _expected_updates(self, counts: Longs1d, words: Longs1d) -> list[Doubles1d]:
        """How often a worker of a round is to change rows, of words if they are trained, and of targets."""
        from embedkit.simd.lanes import LANES
        from embedkit.training.kernels.distributed_bag import POSITIVES

        p = self.parameters
        held, noise = _expected_targets(counts, p), LANES / POSITIVES[p.cosine] - 1
        targets = sample_updates(held, counts, noise, p.ns_exponent)
        if not p.train_words:
            return [targets]
        centers = _expected_targets(words, p)
        targets[: len(words)] += sample_updates(centers, words, p.negative, p.ns_exponent)
        return [(p.window + 1) * centers, targets]

    def learn(self, job: Job, worker: int = 0) -> tuple[int, float]:
        """Train on a piece; of word training neither predictions nor losses are told."""
        p, (own, rate) = self.parameters, self.parameters.rates
        predictions, loss = 0, 0.0
        private = self.rounds.begin(worker) if self.rounds else None
        for part in job.piece.parts:
            ids, offsets = self._shards.targets[part.shard]
            made, lost = self._train_bags(
                self.documents.reshape(-1), self._matrices[-1], job.numbers(part),
                self._shards.first[part.shard], offsets, ids, *self._chances, np.float32(p.negative),
                np.float32(p.cosine_scale), np.float32(own), np.float32(rate), job.share, job.last_share,
                job.key, True, private,
            )  # fmt: skip
            predictions, loss = predictions + int(made), loss + float(lost)
            if self.words is not None:
                self._learn_words(job, part, private)
        return predictions, loss

    def _learn_words(self, job: Job, part: DocumentRange, private: tuple[PrivateRows, ...] | None) -> None:
        """Skip-gram on the words of a part; what they predict are the words among the targets."""
        p, rate = self.parameters, self.parameters.rates[1]
        ids, offsets = self._shards.words[part.shard]
        self._train_windows(
            *self._matrices, ids, offsets, offsets[part.begin], offsets[part.end],
            *self._word_chances, p.window, rate * job.share, rate * job.last_share,
            job.key + np.uint64(part.shard + 1), True, None, private, None,
        )  # fmt: skip


class MemoryLearner:
    """Distributed memory: documents and the words around a word predict it together."""

    def __init__(
        self, parameters: Doc2VecParameters, shards: DocumentShards, counts: Longs1d, words: Longs1d,
        largest: int,
    ) -> None:  # fmt: skip
        from embedkit.simd.storage import padded
        from embedkit.training.kernels.distributed_memory import memory_trainer

        p = self.parameters = parameters
        self._shards = shards
        self._chances = chances(words, p)
        random = np.random.default_rng(p.seed)
        workers, reached = p.round_workers or 1, largest + 2 * p.window
        inputs = RowPool(len(words), p.vector_size, workers, reached, apart=shards.documents)
        targets = RowPool(len(words), p.places * padded(p.vector_size), workers, largest * (1 + p.negative))
        fill_evenly(inputs.rows, p.vector_size, random)
        self.words: Floats2d | None = inputs.rows[: len(words)]
        self.documents, self.targets = inputs.rows[len(words) :], targets.rows
        self._matrices = inputs.flat, targets.flat
        centers = _expected_targets(words, p)
        contexts = p.places if p.concatenate else p.window + 1
        updates = [contexts * centers, sample_updates(centers, words, p.negative, p.ns_exponent)]
        self.rounds = Rounds.of(p, [inputs, targets], updates)
        self._train_memory = memory_trainer(p.vector_size, p.negative, False, p.places)

    def learn(self, job: Job, worker: int = 0) -> tuple[int, float]:
        """Train on a piece."""
        p = self.parameters
        predictions, loss = 0, 0.0
        private = self.rounds.begin(worker) if self.rounds else None
        for part in job.piece.parts:
            ids, offsets = self._shards.words[part.shard]
            made, lost = self._train_memory(
                *self._matrices, job.numbers(part),
                self._shards.first[part.shard], offsets, ids, *self._chances, p.window, p.rates[0],
                job.share, job.last_share, job.key, True, private,
            )  # fmt: skip
            predictions, loss = predictions + int(made), loss + float(lost)
        return predictions, loss


def chances(counts: Longs1d, parameters: Doc2VecParameters) -> Chances:
    """The chances of targets that occur so often: to be kept, and to be drawn as noise."""
    kept = keep_probability(counts, parameters.sample)
    return Chances(thresholds(kept), alias_table(noise_probability(counts, parameters.ns_exponent)))


def unit_rows(rows: Floats2d) -> Floats2d:
    """Rows with length 1; a row of zeros stays one."""
    lengths: Floats2d = np.linalg.norm(rows, axis=1, keepdims=True).astype(np.float32)
    lengths[lengths == 0] = 1
    scaled: Floats2d = rows / lengths
    return scaled


def without_padding(rows: Floats2d, size: int, places: int = 1) -> Floats2d:
    """The vectors that rows are made of, (n, places * D)."""
    vectors: Floats2d = rows.reshape(len(rows), places, -1)[:, :, :size].reshape(len(rows), places * size)
    return vectors


def with_padding(rows: Floats2d, places: int = 1) -> Floats2d:
    """A copy of vectors (n, places * D) for the kernels."""
    from embedkit.simd.storage import aligned_matrix

    size = rows.shape[1] // places
    copy = aligned_matrix(len(rows) * places, size)
    copy[:, :size] = rows.reshape(len(copy), size)
    return copy.reshape(len(rows), -1)


def _expected_targets(counts: Longs1d, parameters: Doc2VecParameters) -> Doubles1d:
    """How often each target is expected to be kept in a piece of a round."""
    p = parameters
    share: float = (p.round_words or 0) / max(1, counts.sum())
    kept: Doubles1d = share * counts * keep_probability(counts, p.sample)
    return kept


def _sphere(matrix: Floats2d, size: int, random: np.random.Generator) -> None:
    """Fill rows with random directions, of length 1."""
    matrix[:, :size] = unit_rows(random.standard_normal((len(matrix), size), dtype=np.float32))

"""Learners: the matrices of a model in training, and everything the kernels need to change them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.text.corpus.shards import Shard
from embedkit.training.doc2vec.parameters import Doc2VecParameters
from embedkit.training.doc2vec.pieces import DocumentRange, Job
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

    def learn(self, job: Job) -> tuple[int, float]:
        """Train on a piece; returns the number of predictions and their summed loss."""


class BagLearner:
    """Distributed bags of words: documents predict targets and, if asked, words the words around them."""

    def __init__(
        self, parameters: Doc2VecParameters, shards: DocumentShards, counts: Longs1d, words: Longs1d
    ) -> None:
        from embedkit.training.kernels.distributed_bag import bag_trainer

        p = self.parameters = parameters
        self._shards = shards
        self._chances = chances(counts, p)
        random = np.random.default_rng(p.seed)
        if p.cosine:
            self.documents, self.targets = (
                _sphere(random, rows, p.vector_size) for rows in (shards.documents, len(counts))
            )
        else:
            self.documents = _cube(random, shards.documents, p.vector_size)
            self.targets = zero_rows(len(counts), p.vector_size)
        self.words: Floats2d | None = None
        self._train_bags = bag_trainer(p.vector_size, p.cosine, False)
        if p.train_words:
            from embedkit.training.kernels.negative_sampling import window_trainer

            self.words = _cube(random, len(words), p.vector_size)
            self._word_chances = chances(words, p)
            self._train_windows = window_trainer(p.vector_size, p.negative, False)

    def learn(self, job: Job) -> tuple[int, float]:
        """Train on a piece; of word training neither predictions nor losses are told."""
        p, (own, rate) = self.parameters, self.parameters.rates
        predictions, loss = 0, 0.0
        for part in job.piece.parts:
            ids, offsets = self._shards.targets[part.shard]
            made, lost = self._train_bags(
                self.documents.reshape(-1), self.targets.reshape(-1), job.numbers(part),
                self._shards.first[part.shard], offsets, ids, *self._chances, np.float32(p.negative),
                np.float32(p.cosine_scale), np.float32(own), np.float32(rate), job.share, job.last_share,
                job.key, True,
            )  # fmt: skip
            predictions, loss = predictions + int(made), loss + float(lost)
            if self.words is not None:
                self._learn_words(job, part, self.words)
        return predictions, loss

    def _learn_words(self, job: Job, part: DocumentRange, words: Floats2d) -> None:
        """Skip-gram on the words of a part; what they predict are the words among the targets."""
        p, rate = self.parameters, self.parameters.rates[1]
        ids, offsets = self._shards.words[part.shard]
        self._train_windows(
            words.reshape(-1), self.targets.reshape(-1), ids, offsets, offsets[part.begin], offsets[part.end],
            *self._word_chances, p.window, rate * job.share, rate * job.last_share,
            job.key + np.uint64(part.shard + 1),
        )  # fmt: skip


class MemoryLearner:
    """Distributed memory: documents and the words around a word predict it together."""

    def __init__(
        self, parameters: Doc2VecParameters, shards: DocumentShards, counts: Longs1d, words: Longs1d
    ) -> None:
        from embedkit.training.kernels.distributed_memory import memory_trainer

        p = self.parameters = parameters
        self._shards = shards
        self._chances = chances(words, p)
        random = np.random.default_rng(p.seed)
        self._inputs = _cube(random, len(words) + shards.documents, p.vector_size)
        self.words: Floats2d | None = self._inputs[: len(words)]
        self.documents = self._inputs[len(words) :]
        self.targets = zero_rows(len(words), p.vector_size, p.places)
        self._train_memory = memory_trainer(p.vector_size, p.negative, False, p.places)

    def learn(self, job: Job) -> tuple[int, float]:
        """Train on a piece."""
        p = self.parameters
        predictions, loss = 0, 0.0
        for part in job.piece.parts:
            ids, offsets = self._shards.words[part.shard]
            made, lost = self._train_memory(
                self._inputs.reshape(-1), self.targets.reshape(-1), job.numbers(part),
                self._shards.first[part.shard], offsets, ids, *self._chances, p.window, p.rates[0],
                job.share, job.last_share, job.key, True,
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


def zero_rows(rows: int, size: int, places: int = 1) -> Floats2d:
    """Rows of zeros for the kernels, each of so many vectors with padding."""
    from embedkit.simd.storage import aligned_matrix

    return aligned_matrix(rows * places, size).reshape(rows, -1)


def without_padding(rows: Floats2d, size: int, places: int = 1) -> Floats2d:
    """The vectors that rows are made of, (n, places * D)."""
    vectors: Floats2d = rows.reshape(len(rows), places, -1)[:, :, :size].reshape(len(rows), places * size)
    return vectors


def with_padding(rows: Floats2d, places: int = 1) -> Floats2d:
    """A copy of vectors (n, places * D) for the kernels."""
    size = rows.shape[1] // places
    copy = zero_rows(len(rows), size, places)
    copy.reshape(len(rows), places, -1)[:, :, :size] = rows.reshape(len(rows), places, size)
    return copy


def _cube(random: np.random.Generator, rows: int, size: int) -> Floats2d:
    """Rows drawn evenly, as word2vec begins."""
    matrix = zero_rows(rows, size)
    fill_evenly(matrix, size, random)
    return matrix


def _sphere(random: np.random.Generator, rows: int, size: int) -> Floats2d:
    """Rows of length 1 in random directions."""
    matrix = zero_rows(rows, size)
    matrix[:, :size] = unit_rows(random.standard_normal((rows, size), dtype=np.float32))
    return matrix

"""Inference: the vectors of new documents, by targets and words that stay as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.arrays import Floats2d, Longs1d
from embedkit.parallel.threads import shared_threads
from embedkit.text.corpus.shards import Shard
from embedkit.training.doc2vec.cosine_inference import PASSES, CosineInference, kept_and_noise
from embedkit.training.doc2vec.learners import chances, with_padding
from embedkit.training.doc2vec.parameters import Doc2VecParameters
from embedkit.vectors.norms import frozen

PIECE = 64  # documents that a thread infers at once


class Inference:
    """Infers documents as they are learned in training, in as many epochs and by the same rates.

    A document begins at zero, and its draws depend on the seed alone, so that its vector depends on no other.
    By cosines, the seed draws noise targets, and as many steps of gradient descent are made.

    Args:
        parameters: of training.
        targets: float32 (T, places * D).
        words: float32 (V, D) for distributed memory, else None.
        counts: of the targets, int64 (T,).
    """

    def __init__(
        self, parameters: Doc2VecParameters, targets: Floats2d, words: Floats2d | None, counts: Longs1d
    ) -> None:
        self._parameters = parameters
        self._counts = counts
        self._chances = chances(counts, parameters)
        self._targets = targets if parameters.cosine else with_padding(targets, parameters.places)
        self._words = None if words is None else with_padding(words)

    def infer(self, shard: Shard, epochs: int | None, seed: int) -> Floats2d:
        """The vectors of documents that hold the targets of a shard, float32 (n, D); 0 without any."""
        p = self._parameters
        if p.cosine:
            return self._on_sphere(seed).infer(shard.offsets, shard.ids, passes=epochs or PASSES)
        count = len(shard.offsets) - 1
        inferred = np.zeros((count, p.vector_size), np.float32)
        run = self._run_memory if p.model == "dm" else self._run_bags

        def piece(begin: int) -> None:
            offsets = shard.offsets[begin : begin + PIECE + 1]
            ids = shard.ids[offsets[0] : offsets[-1]]
            own = Shard(frozen(ids), frozen(offsets - offsets[0]))  # as those of a corpus: compiled once
            inferred[begin : begin + PIECE] = run(own, epochs or p.epochs, seed)

        list(shared_threads().map(piece, range(0, count, PIECE)))
        return inferred

    def _on_sphere(self, seed: int) -> CosineInference:
        p = self._parameters
        kept, noise = kept_and_noise(self._counts, p.sample, p.ns_exponent, seed)
        return CosineInference(self._targets, kept, self._targets[noise], p.cosine_scale, p.negative)

    def _run_bags(self, shard: Shard, epochs: int, seed: int) -> Floats2d:
        from embedkit.simd.storage import aligned_matrix
        from embedkit.training.kernels.distributed_bag import bag_trainer

        p = self._parameters
        kernel = bag_trainer(p.vector_size, False, True)
        numbers = np.arange(len(shard.offsets) - 1)
        documents = aligned_matrix(len(numbers), p.vector_size)
        for share, key in _epochs(p, epochs, seed):
            kernel(
                documents.reshape(-1), self._targets.reshape(-1), numbers, 0, shard.offsets, shard.ids,
                *self._chances, np.float32(p.negative), np.float32(p.cosine_scale), np.float32(p.rates[0]),
                np.float32(0), share, share, key, False, None,
            )  # fmt: skip
        return documents[:, : p.vector_size]

    def _run_memory(self, shard: Shard, epochs: int, seed: int) -> Floats2d:
        from embedkit.simd.storage import aligned_matrix
        from embedkit.training.kernels.distributed_memory import memory_trainer

        p, words = self._parameters, self._words
        assert words is not None  # noqa: S101 - distributed memory has them
        kernel = memory_trainer(p.vector_size, p.negative, True, p.places)
        numbers = np.arange(len(shard.offsets) - 1)
        inputs = aligned_matrix(len(words) + len(numbers), p.vector_size)
        inputs[: len(words)] = words
        for share, key in _epochs(p, epochs, seed):
            kernel(
                inputs.reshape(-1), self._targets.reshape(-1), numbers, 0, shard.offsets, shard.ids,
                *self._chances, p.window, p.rates[0], share, share, key, False, None,
            )  # fmt: skip
        return inputs[len(words) :, : p.vector_size]


def _epochs(parameters: Doc2VecParameters, epochs: int, seed: int) -> Any:
    """The share of the learning rates in each epoch, and its key."""
    for epoch in range(epochs):
        share = 1 + (parameters.final_share - 1) * epoch / epochs
        yield share, np.random.SeedSequence((seed, epoch)).generate_state(1, np.uint64)[0]

"""`CosineInference`: vectors of documents by targets of length 1 that stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.parallel.threads import shared_threads
from embedkit.training.word2vec.sampling import keep_probability, noise_probability
from embedkit.vectors.norms import frozen

PASSES = 6  # over the targets of a document
PIECE = 64  # documents that a thread infers at once
NOISE_ROWS = 512  # noise targets of every document


def kept_and_noise(counts: Longs1d, sample: float, exponent: float, seed: int) -> tuple[Floats1d, Longs1d]:
    """How much an occurrence of each target counts, float32 (T,), and the targets that stand for noise, (M,).

    Noise is drawn with `seed` by the counts (T,) that subsampling leaves, to the power of `exponent`.
    """
    kept = keep_probability(counts, sample)
    noise = noise_probability(counts * kept, exponent)
    chosen = np.random.default_rng(seed).choice(len(noise), NOISE_ROWS, p=noise)
    return kept.astype(np.float32), np.sort(chosen)


@dataclass(frozen=True, eq=False)
class CosineInference:
    """Makes vectors of documents by gradient descent on their loss, see `kernels.document_inference`.

    The same targets get the same vector whatever stands beside them.

    Args:
        vectors: of the targets, float32 (T, D), of length 1.
        kept: float32 (T,), how much an occurrence of each counts.
        noise: float32 (M, D), the rows that stand for noise.
        scale: of the cosines.
        negative: how much noise weighs.
    """

    vectors: Floats2d
    kept: Floats1d
    noise: Floats2d
    scale: float
    negative: float

    def infer(self, offsets: Any, ids: Any, counts: Any = None, passes: int = PASSES) -> Floats2d:
        """The vectors of n documents, float32 (n, D), of length 1; 0 without any target.

        Args:
            offsets: integers (n + 1,): document i holds the targets from `offsets[i]` to `offsets[i + 1]`.
            ids: integers (total,), the targets.
            counts: how often each of these stands in its document, float32 (total,); None for once.
            passes: steps of gradient descent.
        """
        from embedkit.training.kernels.document_inference import infer_documents

        weights = self.kept[ids] if counts is None else counts * self.kept[ids]
        starts, mean_noise = offsets.astype(np.int64, copy=False), self.noise.mean(axis=0)
        arrays: Any = starts, ids, weights, self.vectors, self.noise, mean_noise
        # One kind of array: compiled once.
        starts, ids, weights, vectors, noise, mean_noise = (frozen(array.view()) for array in arrays)
        inferred = np.empty((len(offsets) - 1, self.vectors.shape[1]), np.float32)

        def piece(first: int) -> None:
            infer_documents(
                first, min(first + PIECE, len(inferred)), starts, ids, weights, vectors, noise, mean_noise,
                np.float32(self.scale), np.float32(self.negative), passes, inferred,
            )  # fmt: skip

        list(shared_threads().map(piece, range(0, len(inferred), PIECE)))
        return inferred

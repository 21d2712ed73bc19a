"""The vectors of n-grams, trained with those of the documents that hold them, as by `Doc2Vec`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.models.documents.parameters import DocumentVectorParameters
from embedkit.parallel.cores import available_cores
from embedkit.progress import SILENT, Progress
from embedkit.simd.compiling import check_compiler
from embedkit.text.corpus.shards import Shard
from embedkit.training.doc2vec.cosine_inference import CosineInference, kept_and_noise
from embedkit.training.doc2vec.learners import DocumentShards
from embedkit.training.doc2vec.trainer import DocumentTrainer, train
from embedkit.vectors.norms import frozen


class NgramVectors(NamedTuple):
    """What n-grams tell of a document.

    Args:
        vectors: float32 (V, D), of length 1.
        kept: float32 (V,), how much an occurrence of each counts.
        noise: int64 (M,), the n-grams that stand for noise in inference.
    """

    vectors: Floats2d
    kept: Floats1d
    noise: Longs1d

    def inference(self, scale: float, negative: float) -> CosineInference:
        """What infers documents by them."""
        return CosineInference(self.vectors, self.kept, self.vectors[self.noise], scale, negative)


def train_ngram_vectors(
    counts: Any, parameters: DocumentVectorParameters, seed: int, progress: Progress = SILENT
) -> NgramVectors:
    """The vectors of n-grams that documents teach, which hold them as `counts` tell, csr float32 (n, V)."""
    check_compiler()
    held = counts.data.astype(np.int64)
    ends = np.concatenate([[0], np.cumsum(held)])
    # as those of a corpus, so that kernels are compiled once
    shard = Shard(frozen(np.repeat(counts.indices, held)), frozen(ends[counts.indptr]))
    totals = np.bincount(shard.ids, minlength=counts.shape[1])
    settings = parameters.doc2vec(seed)
    shards = DocumentShards([shard], [shard], [0], [False], counts.shape[0])
    workers = parameters.workers or available_cores()
    trained = train(DocumentTrainer(settings, shards, totals, totals), workers, progress)
    return NgramVectors(trained.targets, *kept_and_noise(totals, settings.sample, settings.ns_exponent, seed))

"""The vectors of n-grams, trained with those of the documents that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.models.documents.parameters import DocumentVectorParameters
from embedkit.parallel.cores import available_cores
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.progress import SILENT, Progress
from embedkit.simd.compiling import announced, check_compiler
from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds

NOISE_EXPONENT = 0.75  # of the counts of n-grams, as in word2vec
DRAWS = 128  # noise n-grams of a document in an epoch, whatever its length
NOISE_ROWS = 512  # noise n-grams of every document in inference
FINAL_RATE = 0.1  # share of the learning rates that is left at the end, reached by linear decay
PIECE = 128  # documents that a thread trains on at once


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


def train_ngram_vectors(
    counts: Any, parameters: DocumentVectorParameters, seed: int, progress: Progress = SILENT
) -> NgramVectors:
    """The vectors of n-grams that documents teach, which hold them as `counts` tell, csr float32 (n, V)."""
    from embedkit.models.documents.document_kernels import train_documents

    check_compiler()
    totals = np.asarray(counts.sum(axis=0), np.float64).ravel()
    kept = keep_probability(totals.astype(np.int64), parameters.sample)
    noise = noise_probability(totals * kept, NOISE_EXPONENT)
    random = np.random.default_rng(seed)
    size = parameters.vector_size
    documents, vectors = (_random_rows(random, rows, size) for rows in counts.shape)
    run = partial(
        _train_piece, train_documents, counts, thresholds(kept), alias_table(noise), documents, vectors,
        parameters,
    )  # fmt: skip
    workers = parameters.workers or available_cores()
    with announced(progress.note):
        run(Piece(np.zeros(0, np.int64), 0.0, np.uint64(0)))
    progress.start("train document vectors", parameters.epochs * len(documents))
    done = 0
    for epoch in range(parameters.epochs):
        trained = losses = 0.0
        pieces = _pieces(epoch, parameters.epochs, seed, random.permutation(len(documents)))
        with threads(workers) as pool:
            for piece, (more, loss) in map_as_completed(pool, run, pieces, 2 * workers):
                trained, losses, done = trained + more, losses + loss, done + len(piece.numbers)
                progress.update(done, f"loss {losses / max(trained, 1):.3f}")
        progress.note(f"epoch {epoch + 1} of {parameters.epochs}: mean loss {losses / max(trained, 1):.4f}")
    progress.finish(f"{len(documents):,} texts, {len(vectors):,} n-grams")
    chosen = random.choice(len(vectors), NOISE_ROWS, p=noise)
    return NgramVectors(_unit(vectors), kept.astype(np.float32), np.sort(chosen))


class Piece(NamedTuple):
    """Documents of an epoch, as numbers, the share of the learning rates, and the key of random streams."""

    numbers: Longs1d
    share: float
    key: np.uint64


def _pieces(epoch: int, epochs: int, seed: int, order: Longs1d) -> Iterator[Piece]:
    key = np.uint64((seed * 0x9E3779B97F4A7C15 + epoch * 0xD1B54A32D192ED03) % 2**64)
    for start in range(0, len(order), PIECE):
        done = (epoch + start / len(order)) / epochs
        yield Piece(order[start : start + PIECE], 1 + (FINAL_RATE - 1) * done, key)


def _train_piece(
    kernel: Any, counts: Any, keep: Any, noise: Any, documents: Floats2d, vectors: Floats2d,
    parameters: DocumentVectorParameters, piece: Piece,
) -> tuple[float, float]:  # fmt: skip
    """The sum of counts trained on, and that of losses."""
    done: tuple[float, float] = kernel(
        piece.numbers, counts.indptr, counts.indices, counts.data, keep, noise, documents, vectors,
        np.float32(parameters.cosine_scale), np.float32(parameters.learning_rate * piece.share),
        np.float32(parameters.ngram_learning_rate * piece.share), np.float32(parameters.negative),
        DRAWS, piece.key,
    )  # fmt: skip
    return done


def _random_rows(random: np.random.Generator, rows: int, size: int) -> Floats2d:
    return _unit(random.standard_normal((rows, size), np.float32))


def _unit(rows: Floats2d) -> Floats2d:
    """Rows with length 1, in place."""
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows

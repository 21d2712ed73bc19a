"""Truncated SVD of mutual information on Simple Wikipedia, beside ARPACK's.

A part of `make bench`, with $EMBEDKIT_DATA set. Seconds are those of the processor, in turn.
"""

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.sparse.linalg import svds

from embedkit import Cooccurrences, Corpus
from embedkit.training.svd import positive_mutual_information
from embedkit.training.truncated_svd import truncated_svd
from tests.benchmarks.data import find, skipped

REPEATS = 3
SIZE = 100


def run():
    """Rows of (what, embedkit, ARPACK through scipy, ratio)."""
    source = find("simplewiki.txt")
    if not source:
        return skipped("SVD")
    with tempfile.TemporaryDirectory() as name:
        counts = Cooccurrences.count(Corpus.encode(source, Path(name) / "corpus"), Path(name) / "counts")
        matrix = positive_mutual_information(counts, smoothing=0.75, shift=1.0)
    truncated_svd(matrix[:1000], 1, seed=0)  # compiles
    return [_row(matrix)]


def _row(matrix):
    ours, theirs, errors = [], [], []
    for seed in range(REPEATS):
        (_, found), seconds = _timed(lambda seed=seed: truncated_svd(matrix, SIZE, seed))
        ours.append(seconds)
        start = np.random.default_rng(seed).uniform(-1, 1, len(matrix.indptr) - 1)
        (_, exact, _), seconds = _timed(
            lambda start=start: svds(matrix, SIZE, v0=start, return_singular_vectors="u")
        )
        theirs.append(seconds)
        errors.append(np.max(1 - found / np.sort(exact)[::-1]))
    return (
        f"{SIZE} singular values of {matrix.shape[0]:,} words, {matrix.nnz / 1e6:.1f} M nonzeros",
        f"{statistics.median(ours):.1f} s, the furthest value {max(errors):.3%} too low",
        f"{statistics.median(theirs):.1f} s",
        f"{statistics.median(theirs) / statistics.median(ours):.1f}",
    )


def _timed(function):
    begin = time.process_time()
    return function(), time.process_time() - begin

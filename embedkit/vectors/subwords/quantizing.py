"""Rows as codes of product quantization: centroids learned by k-means, and rows encoded by the nearest ones.

Jégou, Douze and Schmid (2011), with parts of two dimensions and 256 centroids each, as fastText has it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from embedkit.arrays import Bytes1d, Bytes2d, Floats1d, Floats2d
from embedkit.random_state import untouched_random_state
from embedkit.vectors.subwords.quantized_rows import CENTROIDS, QuantizedRows

PART_SIZE = 2
SAMPLE = 1 << 16  # rows from which centroids are learned
BLOCK = 1 << 12  # rows encoded at once
PASSES = 25  # of k-means, at most
TRIED = 8  # lengths on either side of the nearest one


@untouched_random_state()
def quantizer_of(rows: Floats2d, seed: int = 1) -> QuantizedRows:
    """A table without rows, whose centroids are learned from rows (n, D).

    Where a part has fewer than 256 different values, all of them are centroids.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    generator = np.random.default_rng(seed)
    if len(rows) > SAMPLE:
        rows = rows[generator.choice(len(rows), SAMPLE, replace=False)]
    centroids = []
    with threadpool_limits(1, user_api="openmp"):
        for start in range(0, rows.shape[1], PART_SIZE):
            part = rows[:, start : start + PART_SIZE]
            values = np.unique(part, axis=0)[: CENTROIDS + 1]
            if len(values) > CENTROIDS:
                found = KMeans(CENTROIDS, init="random", n_init=1, max_iter=PASSES, random_state=seed).fit(
                    part
                )
                values = found.cluster_centers_.astype(np.float32)
            unused = np.zeros((CENTROIDS - len(values), values.shape[1]), np.float32)
            centroids.append(np.concatenate([values, unused]).ravel())
    parts = len(centroids)
    return QuantizedRows(np.zeros((0, parts), np.uint8), np.concatenate(centroids), PART_SIZE)


def quantized(rows: Floats2d, quantizer: QuantizedRows) -> QuantizedRows:
    """Rows (n, D) as codes of the centroids, and of the lengths if it has some, of another table.

    Example:
        >>> table = QuantizedRows(np.zeros((0, 1), np.uint8), np.arange(256, dtype=np.float32), 1)
        >>> quantized(np.array([[3.2], [250]], np.float32), table).codes.tolist()
        [[3], [250]]
    """
    blocks = [_encoded(rows[start : start + BLOCK], quantizer) for start in range(0, len(rows), BLOCK)]
    codes = np.concatenate([quantizer.codes[:0], *(codes for codes, _ in blocks)])
    if quantizer.norms is None:
        return replace(quantizer, codes=codes)
    return replace(quantizer, codes=codes, norm_codes=np.concatenate([norms for _, norms in blocks]))


def _encoded(rows: Floats2d, quantizer: QuantizedRows) -> tuple[Bytes2d, Bytes1d]:
    """The codes of rows and of their lengths: of several lengths that by which they are nearest."""
    norms = quantizer.norms
    if norms is None:
        return _nearest_parts(rows, quantizer), np.zeros(len(rows), np.uint8)
    order = np.argsort(norms, kind="stable")
    places = np.searchsorted(norms[order], np.linalg.norm(rows, axis=1))
    codes, norm_codes = (
        np.zeros((len(rows), quantizer.codes.shape[1]), np.uint8),
        np.zeros(len(rows), np.uint8),
    )
    least = np.full(len(rows), np.inf)
    for shift in range(-TRIED, TRIED + 1):
        tried = order[np.clip(places + shift, 0, CENTROIDS - 1)].astype(np.uint8)
        lengths = np.where(norms[tried] == 0, np.float32(1), norms[tried])[:, None]
        parts = _nearest_parts((rows / lengths).astype(np.float32), quantizer)
        errors = rows - replace(quantizer, codes=parts, norm_codes=tried)[:]
        squares = np.einsum("ij,ij->i", errors, errors)
        better = squares < least
        codes[better], norm_codes[better], least[better] = parts[better], tried[better], squares[better]
    return codes, norm_codes


def _nearest_parts(rows: Floats2d, quantizer: QuantizedRows) -> Bytes2d:
    """The numbers of the nearest centroids of each part of rows, (n, P)."""
    size, width = rows.shape[1], quantizer.part_size
    parts = [(start, min(start + width, size)) for start in range(0, size, width)]
    return np.stack([_nearest(rows[:, a:b], quantizer.centroids_of(a, b)) for a, b in parts], axis=1)


def _nearest(points: Floats2d, centroids: Floats2d) -> Bytes1d:
    """The nearest centroid of each point, (n,); of several the first."""
    squares: Floats1d = np.einsum("ij,ij->i", centroids, centroids)
    nearest: Bytes1d = np.argmin(squares - 2 * (points @ centroids.T), axis=1).astype(np.uint8)
    return nearest

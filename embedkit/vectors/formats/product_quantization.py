"""Product quantization: a vector as a few bytes, each the number of a centroid of a part of its dimensions.

Jégou, Douze and Schmid, "Product quantization for nearest neighbor search" (2011); with a rotation learned
beforehand, Ge et al., "Optimized product quantization" (2013).
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bytes2d, Floats2d, Floats3d


def reconstruct(codes: Bytes2d, centroids: Floats3d, rotation: Floats2d | None = None) -> Floats2d:
    """The vectors (V, D) that codes (V, M) stand for, given centroids (M, K, D / M).

    Part m of row v is `centroids[m, codes[v, m]]`. A `rotation` (D, D), if there is one, was multiplied from
    the right before quantization, and is undone by its transpose.

    Example:
        >>> codes = np.array([[1, 0]], np.uint8)
        >>> centroids = np.array([[[1], [2]], [[3], [4]]], np.float32)
        >>> reconstruct(codes, centroids).tolist()
        [[2.0, 3.0]]
    """
    parts, _, width = centroids.shape
    vectors = np.empty((len(codes), parts, width), np.float32)
    for part in range(parts):
        vectors[:, part] = centroids[part][codes[:, part]]
    whole = vectors.reshape(len(codes), parts * width)
    return whole if rotation is None else whole @ rotation.T

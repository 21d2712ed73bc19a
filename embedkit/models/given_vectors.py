"""Vectors as they are given to an estimator, and what a model repeats of how they were made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from embedkit.errors import InputError
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.shipped import load

STORY = ("trainer", "corpus", "command")  # of the metadata of vectors, what a model repeats


def given_vectors(given: Embeddings | str | Path | None) -> Embeddings:
    """Vectors that were given as such or as a file of them; None for those that ship."""
    return given if isinstance(given, Embeddings) else load(given)


def principal_components(vectors: Embeddings, count: int) -> Embeddings:
    """The first principal components of vectors, in which they differ most, as shorter vectors.

    Raises:
        InputError: more components than dimensions or words, or none.
    """
    most = min(vectors.matrix.shape)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= most:
        raise InputError(f"components must be 1 to {most}, as there are {vectors}; got {count!r}")
    from sklearn.decomposition import PCA

    matrix = PCA(count, svd_solver="covariance_eigh").fit_transform(vectors.matrix)
    return Embeddings(matrix.astype(np.float32), vectors.vocabulary, vectors.metadata)


def story_of(vectors: Embeddings) -> dict[str, Any]:
    """What vectors say of how they were made, as far as a model repeats it."""
    return {name: value for name, value in vectors.metadata.items() if name in STORY}

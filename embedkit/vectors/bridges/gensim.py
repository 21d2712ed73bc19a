"""Conversion from and to gensim's `KeyedVectors`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import DependencyError, InputError
from embedkit.text.vocabulary import Vocabulary

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def to_keyed_vectors(matrix: Floats2d, vocabulary: Vocabulary) -> KeyedVectors:
    """A copy as `KeyedVectors`, with the attribute "count" of each word if known."""
    try:
        from gensim.models import KeyedVectors
    except ImportError as error:
        raise DependencyError("to_gensim needs gensim: pip install 'embedkit[gensim]'") from error
    vectors = KeyedVectors(matrix.shape[1], dtype=np.float32)
    vectors.add_vectors(list(vocabulary.words), matrix)
    if vocabulary.counts is not None:
        vectors.allocate_vecattrs(["count"], [np.int64])
        vectors.expandos["count"][:] = vocabulary.counts
    return vectors


def from_keyed_vectors(vectors: KeyedVectors) -> tuple[Floats2d, Vocabulary]:
    """The matrix and the words of `KeyedVectors`, with their counts if they have any."""
    words = getattr(vectors, "index_to_key", None)
    if words is None:
        raise InputError(f"expected gensim KeyedVectors (model.wv of a model), got {type(vectors).__name__}")
    if not all(isinstance(word, str) for word in words):
        raise InputError("expected KeyedVectors whose keys are words, got keys of other types")
    counts = vectors.expandos.get("count")
    known = counts is not None and len(counts) == len(words)
    return vectors.vectors, Vocabulary(words, np.asarray(counts, np.int64) if known else None)

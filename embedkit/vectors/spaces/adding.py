"""`add`: vectors with words added or replaced."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.checks import checked_words
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.metadata import with_transform
from embedkit.vectors.norms import finite_vectors, frozen
from embedkit.vectors.spaces.rows import blocks
from embedkit.vectors.spaces.words import rows_of


def add(vectors: Embeddings, words: Iterable[str], rows: ArrayLike) -> Embeddings:
    """New vectors with these words, too: known words get other rows, new ones stand behind all others.

    Args:
        vectors: they stay as they are.
        words: n words, each once.
        rows: their vectors, (n, D).

    Returns:
        If the words have counts, new ones have the count 0. Subwords stay.

    Raises:
        InputError: words that are repeated, or rows that do not fit or are not finite.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.Embeddings([[1, 0], [0, 1]], ["cat", "dog"])
        >>> more = embedkit.add(vectors, ["dog", "puppy"], [[0, 2], [0.6, 0.8]])
        >>> list(more), more["dog"].tolist()
        (['cat', 'dog', 'puppy'], [0.0, 2.0])
    """
    listed = checked_words(words)
    given = finite_vectors(rows if len(listed) else np.empty((0, vectors.vector_size)), vectors.vector_size)
    if len(given) != len(listed):
        raise InputError(f"expected a row for each of {len(listed)} words, got {len(given)}")
    known = rows_of(Vocabulary(listed).words, vectors.vocabulary)
    new = known < 0
    known[new] = len(vectors) + np.arange(new.sum())
    matrix = np.empty((len(vectors) + int(new.sum()), vectors.vector_size), np.float32)
    for block in blocks(len(vectors), vectors.vector_size):
        matrix[block] = vectors.stored.block(block)
    matrix[known] = given
    vocabulary = _with_words(
        vectors.vocabulary, [word for word, is_new in zip(listed, new, strict=True) if is_new]
    )
    metadata = with_transform(
        vectors.metadata, "add", added=int(new.sum()), replaced=len(listed) - int(new.sum())
    )
    return Embeddings(frozen(matrix), vocabulary, metadata, vectors.subwords)


def _with_words(vocabulary: Vocabulary, new: list[str]) -> Vocabulary:
    counts: Longs1d | None = vocabulary.counts
    if counts is not None:
        counts = np.append(counts, np.zeros(len(new), np.int64))
    return Vocabulary([*vocabulary.words, *new], counts, **vocabulary.special_tokens)

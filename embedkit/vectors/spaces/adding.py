"""`add` and `add_special_tokens`: vectors with words added or replaced."""

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
from embedkit.vectors.special_rows import UnknownRow, with_special_rows

PADDING, OOV = "<pad>", "<unk>"  # names of padding and unknown words


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


def add_special_tokens(
    vectors: Embeddings,
    padding_token: str = PADDING,
    oov_token: str = OOV,
    unknown: UnknownRow = "mean",
) -> Embeddings:
    """Vectors that layers of networks take: id 0 is padding, id 1 any unknown word, then come the words.

    Args:
        vectors: they stay as they are.
        padding_token: the name of padding, a zero row.
        oov_token: the name of unknown words; if it is among the words, it keeps its vector.
        unknown: the vector of unknown words otherwise: the mean of all, or zeros.

    Returns:
        Vectors whose vocabulary encodes unknown words as 1, see `Vocabulary.encode_all`.

    Raises:
        InputError: the same name for both.

    Example:
        >>> import embedkit
        >>> ready = embedkit.add_special_tokens(embedkit.Embeddings([[1, 3], [3, 1]], ["cat", "dog"]))
        >>> ready.matrix.tolist()
        [[0.0, 0.0], [2.0, 2.0], [1.0, 3.0], [3.0, 1.0]]
        >>> embedkit.pad(ready.vocabulary.encode_all([["the", "cat"], ["dog"]])).tolist()
        [[1, 2], [3, 0]]
    """
    matrix, vocabulary = with_special_rows(
        vectors.matrix, vectors.vocabulary, padding_token, oov_token, unknown
    )
    settings = {"padding_token": padding_token, "oov_token": oov_token, "unknown": unknown}
    metadata = with_transform(vectors.metadata, "add-special-tokens", **settings)
    return Embeddings(matrix, vocabulary, metadata, vectors.subwords)


def _with_words(vocabulary: Vocabulary, new: list[str]) -> Vocabulary:
    counts: Longs1d | None = vocabulary.counts
    if counts is not None:
        counts = np.append(counts, np.zeros(len(new), np.int64))
    return Vocabulary([*vocabulary.words, *new], counts, **vocabulary.special_tokens)

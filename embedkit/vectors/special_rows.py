"""Rows for padding and unknown words in front of those of words, as layers of networks want them."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.norms import frozen

UnknownRow = Literal["mean", "zeros"]


def with_special_rows(
    matrix: Floats2d,
    vocabulary: Vocabulary,
    padding_token: str,
    oov_token: str,
    unknown: UnknownRow = "mean",
) -> tuple[Floats2d, Vocabulary]:
    """A matrix (V + 2, D), read-only, and its words: row 0 is padding, row 1 any unknown word.

    Padding is zero. An unknown word has the mean of all vectors, or zeros; if the `oov_token` is among the
    words, it has its own vector. Special tokens that are among the words are moved to the front.

    Example:
        >>> rows = np.array([[1, 3], [3, 1]], np.float32)
        >>> matrix, words = with_special_rows(rows, Vocabulary(["cat", "dog"]), "<pad>", "<unk>")
        >>> matrix.tolist(), words.words
        ([[0.0, 0.0], [2.0, 2.0], [1.0, 3.0], [3.0, 1.0]], ('<pad>', '<unk>', 'cat', 'dog'))
    """
    if unknown not in get_args(UnknownRow):
        raise InputError(f"expected the unknown word as {' or '.join(get_args(UnknownRow))}, got {unknown!r}")
    others = np.array([word not in (padding_token, oov_token) for word in vocabulary.words])
    words = [word for word, kept in zip(vocabulary.words, others, strict=True) if kept]
    counts = vocabulary.counts
    known = vocabulary.get(oov_token)
    made = np.empty((len(words) + 2, matrix.shape[1]), np.float32)
    made[0] = made[1] = 0
    if known is not None:
        made[1] = matrix[known]
    elif unknown == "mean":
        made[1] = matrix.mean(axis=0, dtype=np.float64)
    made[2:] = matrix if others.all() else matrix[others]
    listed = Vocabulary(
        [padding_token, oov_token, *words],
        None if counts is None else np.concatenate([[0, 0], counts[others]]),
        oov_token=oov_token,
        padding_token=padding_token,
    )
    return frozen(made), listed

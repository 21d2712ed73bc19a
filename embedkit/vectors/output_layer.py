"""Output vectors: the second matrix of word2vec, which predicts words from the vectors of their context."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Floats2d
from embedkit.errors import InputError
from embedkit.vectors.answers import Answer
from embedkit.vectors.norms import read_only
from embedkit.vectors.rows import StoredRows


def checked_output(matrix: ArrayLike | StoredRows, shape: tuple[int, ...]) -> StoredRows:
    """The output vectors of words whose vectors have the shape (V, D); `InputError` if they do not fit."""
    rows = matrix if isinstance(matrix, StoredRows) else StoredRows(read_only(matrix))
    if rows.values.shape != shape:
        raise InputError(f"expected output vectors of shape {shape}, as the vectors, got {rows.values.shape}")
    return rows


def predicted_words(
    contexts: Floats2d, output_vectors: Floats2d | None, words: Sequence[str], top: int
) -> list[Answer]:
    """The most likely words in the context of vectors (n, D), with their probabilities, best first.

    Raises:
        InputError: there are no output vectors, or no contexts.
    """
    if output_vectors is None:
        raise InputError(
            "predicting words needs output vectors, which these vectors do not have; train with keep_output "
            "(--keep-output of train-w2v and train-fasttext), and save as .safetensors or fastText's .bin"
        )
    if not len(contexts):
        raise InputError("expected the words around the one to be predicted, got none")
    scores = (output_vectors @ contexts.mean(axis=0)).astype(np.float64)
    scores[~output_vectors.any(axis=1)] = -np.inf
    if np.isneginf(scores).all():
        return []
    odds = np.exp(scores - scores.max())
    best = np.argsort(-odds, kind="stable")[:top]
    chances = odds[best] / odds.sum()
    return [
        Answer(words[row], chance)
        for row, chance in zip(best.tolist(), chances.tolist(), strict=True)
        if odds[row] > 0
    ]

"""Words of several spaces: where they stand, which are common, and how frequent each is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import UNKNOWN


def rows_of(words: Sequence[str], vocabulary: Vocabulary) -> Longs1d:
    """The rows of words, (n,); `UNKNOWN` for those that are not in the vocabulary.

    Example:
        >>> rows_of(["b", "c"], Vocabulary(["a", "b"])).tolist()
        [1, -1]
    """
    return np.fromiter((vocabulary.get(word, UNKNOWN) for word in words), np.int64, len(words))


def frequency_ranks(vocabulary: Vocabulary) -> Longs1d:
    """The rank of each word by its count, 0 for the most frequent, (V,); without counts its row.

    Example:
        >>> frequency_ranks(Vocabulary(["a", "b", "c"], np.array([2, 9, 2]))).tolist()
        [1, 0, 2]
    """
    ranks = np.arange(len(vocabulary))
    if vocabulary.counts is not None:
        ranks[np.argsort(-vocabulary.counts, kind="stable")] = np.arange(len(vocabulary))
    return ranks


def common_rows(a: Vocabulary, b: Vocabulary, most_frequent: int | None = None) -> tuple[Longs1d, Longs1d]:
    """The rows (n,) of the words in common in either vocabulary, most frequent first.

    A word counts as frequent as in the vocabulary in which it is rarer.

    Raises:
        InputError: no words in common.

    Example:
        >>> [rows.tolist() for rows in common_rows(Vocabulary(["x", "y", "z"]), Vocabulary(["z", "y"]))]
        [[1, 2], [1, 0]]
    """
    theirs = rows_of(a.words, b)
    ours = np.flatnonzero(theirs != UNKNOWN)
    theirs = theirs[ours]
    if not len(ours):
        raise InputError(
            "the spaces have no words in common, such as "
            f"{', '.join(map(repr, a.words[:3]))} and {', '.join(map(repr, b.words[:3]))}"
        )
    worse = np.maximum(frequency_ranks(a)[ours], frequency_ranks(b)[theirs])
    order = np.argsort(worse, kind="stable")[:most_frequent]
    return ours[order], theirs[order]


def check_same_size(*spaces: Embeddings, advice: str) -> None:
    """Raise `InputError` for spaces of different numbers of dimensions."""
    sizes = [space.vector_size for space in spaces]
    if len({*sizes}) > 1:
        raise InputError(
            f"expected spaces of as many dimensions each, got {', '.join(map(str, sizes))}; {advice}"
        )

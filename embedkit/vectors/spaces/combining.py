"""`merge` and `concatenate`: one space made of several."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Literal, get_args

import numpy as np

from embedkit.arrays import Doubles1d, Doubles2d, Floats2d, Longs1d, Longs2d
from embedkit.errors import InputError
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import UNKNOWN
from embedkit.vectors.metadata import PARTS, summary, with_transform
from embedkit.vectors.norms import frozen
from embedkit.vectors.spaces.rows import blocks, unit_doubles
from embedkit.vectors.spaces.words import check_same_size, rows_of

InSeveral = Literal["first", "mean", "weighted-mean"]
WordsOf = Literal["common", "all"]


def merge(*spaces: Embeddings, in_several: InSeveral = "first", normalize: bool = False) -> Embeddings:
    """All words of spaces of the same dimensions, in one.

    The dimensions must mean the same, as they do in parts of one space, or after `align`.

    Args:
        spaces: two or more.
        in_several: the vector of a word that several spaces know: that of the first of them, the mean, or the
            mean weighted by how often the word occurs in the text of each.
        normalize: whether each vector is first scaled to length 1.

    Returns:
        If all spaces have counts, they are added up, and the most frequent word comes first. Otherwise the
        words of the first space do, in their order, then the new ones of the others. With "first", words that
        no space knows have the vectors of the subwords of the first space that has some, unless vectors are
        scaled; otherwise subwords are left out.

    Raises:
        InputError: fewer than two spaces, different dimensions, or a weighted mean without counts.

    Example:
        >>> import embedkit
        >>> a = embedkit.Embeddings([[1, 0], [0, 1]], ["cat", "dog"])
        >>> b = embedkit.Embeddings([[0, 3], [2, 2]], ["dog", "cow"])
        >>> embedkit.merge(a, b, in_several="mean")["dog"].tolist()
        [0.0, 2.0]
    """
    _check_several(spaces)
    check_same_size(*spaces, advice="pca makes them fewer, concatenate joins any")
    if in_several not in get_args(InSeveral):
        raise InputError(
            f"expected in_several to be one of {', '.join(get_args(InSeveral))}, got {in_several!r}"
        )
    vocabulary = _all_words(spaces)
    rows = _rows_in(spaces, vocabulary)
    weights = _weights(spaces, rows, in_several)
    matrix = np.empty((len(vocabulary), spaces[0].vector_size), np.float32)
    for block in blocks(*matrix.shape):
        total = np.zeros(matrix[block].shape)
        for space, own, weight in zip(spaces, rows[:, block], weights[:, block], strict=True):
            total += weight[:, None] * _taken(space, own, normalize)
        matrix[block] = total
    merged = _combined(matrix, vocabulary, spaces, "merge", in_several=in_several, normalize=normalize)
    if in_several == "first" and not normalize:
        return merged.with_subwords(next((space.subwords for space in spaces if space.subwords), None))
    return merged


def concatenate(
    *spaces: Embeddings,
    words: WordsOf = "common",
    normalize: bool = False,
    weights: Sequence[float] | None = None,
) -> Embeddings:
    """The dimensions of several spaces side by side: cosines become means of those of each.

    Args:
        spaces: two or more, of any dimensions.
        words: those that all spaces know, or all words, with zeros where a space knows none.
        normalize: whether each vector is first scaled to length 1, so that all spaces weigh the same.
        weights: a factor for the vectors of each space; None for 1.

    Returns:
        Words in the order of the first space, then new ones; the counts, if all spaces have some, are those
        of the first space that knows a word. Subwords are left out.

    Raises:
        InputError: fewer than two spaces, no words in common, or weights that do not fit.

    Example:
        >>> import embedkit
        >>> a = embedkit.Embeddings([[3, 4], [0, 1]], ["cat", "dog"])
        >>> b = embedkit.Embeddings([[7]], ["cat"])
        >>> embedkit.concatenate(a, b, normalize=True, weights=[1, 2]).matrix.round(2).tolist()
        [[0.6000000238418579, 0.800000011920929, 2.0]]
    """
    _check_several(spaces)
    factors = _checked_weights(weights, len(spaces))
    if words not in get_args(WordsOf):
        raise InputError(f"expected the words {' or '.join(get_args(WordsOf))}, got {words!r}")
    vocabulary = _common_words(spaces) if words == "common" else _first_words(spaces)
    rows = _rows_in(spaces, vocabulary)
    matrix = np.empty((len(vocabulary), sum(space.vector_size for space in spaces)), np.float32)
    for block in blocks(*matrix.shape):
        parts = [
            factor * _taken(space, own, normalize)
            for space, own, factor in zip(spaces, rows[:, block], factors, strict=True)
        ]
        np.concatenate(parts, axis=1, out=matrix[block], casting="same_kind")
    told = {"words": words, "normalize": normalize, "weights": factors.tolist()}
    return _combined(matrix, vocabulary, spaces, "concatenate", **told)


def _combined(
    matrix: Floats2d, vocabulary: Vocabulary, spaces: Sequence[Embeddings], name: str, **settings: object
) -> Embeddings:
    """The new space. Its metadata keep what those of all agree upon, and sum up the rest of each."""
    metadata = [space.metadata for space in spaces]
    agreed = {
        key: value
        for key, value in metadata[0].items()
        if key != "transforms" and all(key in other and other[key] == value for other in metadata)
    }
    parts = [
        {
            **summary({key: value for key, value in other.items() if key not in agreed}),
            "words": len(space),
            "vector_size": space.vector_size,
        }
        for space, other in zip(spaces, metadata, strict=True)
    ]
    return Embeddings(frozen(matrix), vocabulary, with_transform(agreed, name, **settings, **{PARTS: parts}))


def _check_several(spaces: Sequence[Embeddings]) -> None:
    if len(spaces) < 2:
        raise InputError(f"expected at least two spaces, got {len(spaces)}")


def _checked_weights(weights: Sequence[float] | None, count: int) -> Doubles1d:
    given = np.ones(count) if weights is None else np.asarray(weights, np.float64)
    if given.shape != (count,) or not np.isfinite(given).all() or not given.any():
        raise InputError(
            f"expected a finite weight for each of {count} spaces, not all of them 0, got {weights}"
        )
    return given


def _all_words(spaces: Sequence[Embeddings]) -> Vocabulary:
    """The words of all, by their counts in all together, if they are known."""
    vocabularies = [space.vocabulary for space in spaces]
    counted = [vocabulary.counts for vocabulary in vocabularies if vocabulary.counts is not None]
    if len(counted) < len(spaces):
        return _first_words(spaces)
    totals: dict[str, int] = {}
    for vocabulary, counts in zip(vocabularies, counted, strict=True):
        for word, count in zip(vocabulary.words, counts.tolist(), strict=True):
            totals[word] = totals.get(word, 0) + count
    return Vocabulary.from_counts(totals)


def _first_words(spaces: Sequence[Embeddings]) -> Vocabulary:
    """The words of all, with the counts of the first space that knows each, if all spaces have some."""
    counted = all(space.vocabulary.counts is not None for space in spaces)
    first: dict[str, int] = {}
    for space in spaces:
        counts = space.vocabulary.counts
        numbers = [0] * len(space) if counts is None else counts.tolist()
        for word, count in zip(space.vocabulary.words, numbers, strict=True):
            first.setdefault(word, count)
    return Vocabulary(list(first), np.array(list(first.values()), np.int64) if counted else None)


def _common_words(spaces: Sequence[Embeddings]) -> Vocabulary:
    """The words that all spaces know, in the order and with the counts of the first."""
    vocabulary = spaces[0].vocabulary
    known = reduce(np.logical_and, (rows_of(vocabulary.words, space.vocabulary) >= 0 for space in spaces))
    kept = np.flatnonzero(known)
    if not len(kept):
        raise InputError("the spaces have no words in common; take the words of all")
    counts = vocabulary.counts
    return Vocabulary(
        [vocabulary.words[row] for row in kept.tolist()], None if counts is None else counts[kept]
    )


def _rows_in(spaces: Sequence[Embeddings], vocabulary: Vocabulary) -> Longs2d:
    """The rows of the words in each space, (S, V), `UNKNOWN` where it does not know them."""
    return np.stack([rows_of(vocabulary.words, space.vocabulary) for space in spaces])


def _taken(space: Embeddings, rows: Longs1d, normalize: bool) -> Doubles2d:
    """These rows of a space in float64, (n, D); unknown ones are zero."""
    taken = space.stored.take(rows).astype(np.float64)
    taken[rows == UNKNOWN] = 0
    return unit_doubles(taken) if normalize else taken


def _weights(spaces: Sequence[Embeddings], rows: Longs2d, in_several: InSeveral) -> Doubles2d:
    """The weight of each space in the vector of each word, (S, V), in sum 1 a word."""
    known: Doubles2d = (rows != UNKNOWN).astype(np.float64)
    if in_several == "first":
        known *= np.cumsum(known, axis=0) == 1
    elif in_several == "weighted-mean":
        known *= np.stack([_counts(space)[own] for space, own in zip(spaces, rows, strict=True)])
    known /= known.sum(axis=0)
    return known


def _counts(space: Embeddings) -> Longs1d:
    """The counts of the words of a space, at least 1, as a word that was added has a vector, too."""
    counts = space.vocabulary.counts
    if counts is None:
        raise InputError("a weighted mean needs the counts of all spaces, and one has none; take the mean")
    return counts.clip(1)

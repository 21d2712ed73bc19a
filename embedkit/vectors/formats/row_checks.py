"""Checks of rows that formats share: as many words as vectors, no empty word, each word once."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError
from embedkit.vectors.formats.contents import SKIP, VectorContents

SHOWN = 3  # words that a warning names


def checked_rows(
    contents: VectorContents, source: object, skip_bad_rows: bool = False, limit: int | None = None
) -> VectorContents:
    """The first `limit` rows without repeated words, of which the first row is kept and a warning tells.

    Raises:
        FormatError: no row at all, more or fewer words than vectors or than counts, or an empty word, unless
            bad rows are to be skipped; a warning then counts them.
    """
    _check_lengths(contents, source)
    contents = _first(contents, limit)
    words = contents.words
    distinct = set(words)
    if len(distinct) == len(words) and "" not in distinct:
        return contents
    if "" in distinct and not skip_bad_rows:
        raise FormatError(f"{source}: expected words, got an empty one in row {words.index('') + 1}; {SKIP}")
    first: dict[str, int] = {}
    for row, word in enumerate(words):
        first.setdefault(word, row)
    _tell(words, first, source)
    first.pop("", None)
    return taken(contents, np.fromiter(first.values(), np.int64, len(first)))


def _check_lengths(contents: VectorContents, source: object) -> None:
    """Raise `FormatError` unless there are rows, and a word and perhaps a count for each."""
    words, matrix, counts = len(contents.words), contents.matrix, contents.counts
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise FormatError(f"{source}: expected rows of numbers, got an array of shape {matrix.shape}")
    if words != len(matrix):
        raise FormatError(f"{source}: expected a word for each of {len(matrix):,} vectors, got {words:,}")
    if counts is not None and (counts.shape != (words,) or counts.min() < 0):
        raise FormatError(f"{source}: expected counts of {words:,} words, got {counts.shape}: {counts[:3]}")


def _first(contents: VectorContents, limit: int | None) -> VectorContents:
    """The first rows."""
    if limit is None or limit >= len(contents.words):
        return contents
    counts = None if contents.counts is None else contents.counts[:limit]
    words, matrix = contents.words[:limit], contents.matrix[:limit]
    return replace(contents, words=words, matrix=matrix, counts=counts)


def taken(contents: VectorContents, rows: Longs1d) -> VectorContents:
    """The contents with these rows alone, in this order."""
    return replace(
        contents,
        words=[contents.words[row] for row in rows.tolist()],
        matrix=contents.matrix[rows],
        counts=None if contents.counts is None else contents.counts[rows],
        mapped=False,
        output=None if contents.output is None else contents.output.select(rows),
    )


def _tell(words: Iterable[str], first: dict[str, int], source: object) -> None:
    """Warn of the words that are left out."""
    empty = sum(word == "" for word in words)
    repeated = [word for row, word in enumerate(words) if word and first[word] != row]
    if empty:
        warnings.warn(f"{source}: left out {empty:,} rows with an empty word", stacklevel=3)
    if repeated:
        shown = ", ".join(map(repr, repeated[:SHOWN]))
        warnings.warn(
            f"{source}: {len(repeated):,} repeated words dropped, the first row of each kept: {shown}",
            stacklevel=3,
        )

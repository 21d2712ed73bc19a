"""Checks of rows that formats share: as many words as vectors, no empty word, each word once."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.text_rows import SKIP

SHOWN = 3  # words that a warning names


def checked_rows(contents: VectorContents, source: object, skip_bad_rows: bool = False) -> VectorContents:
    """The contents without repeated words, of which the first row is kept and a warning tells.

    Raises:
        FormatError: no row at all, or an empty word, unless bad rows are to be skipped; a warning then counts
            them.
    """
    words = contents.words
    if not len(words) or 0 in contents.matrix.shape:
        raise FormatError(f"{source}: expected words with vectors, got a table of {contents.matrix.shape}")
    if len(words) != len(contents.matrix):
        raise FormatError(
            f"{source}: expected a word for each of {len(contents.matrix):,} vectors, got {len(words):,}"
        )
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


def taken(contents: VectorContents, rows: Longs1d) -> VectorContents:
    """The contents with these rows alone, in this order."""
    return replace(
        contents,
        words=[contents.words[row] for row in rows.tolist()],
        matrix=contents.matrix[rows],
        counts=None if contents.counts is None else contents.counts[rows],
        mapped=False,
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

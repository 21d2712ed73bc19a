"""`VectorContents`: what a file of vectors holds, whatever its format."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from embedkit.arrays import Floats1d, Floats2d, Longs1d
from embedkit.errors import FormatError
from embedkit.text.distinct_words import are_distinct
from embedkit.vectors.formats.growing_matrix import keep_rows
from embedkit.vectors.rows import RowType, StoredRows
from embedkit.vectors.subwords.subwords import Subwords

SKIP = "`embedkit convert --skip-bad-rows` leaves such rows out"


@dataclass(frozen=True)
class VectorContents:
    """Words and their vectors, as they are read from a file or handed to a writer."""

    words: Sequence[str]  # V words
    matrix: Floats2d  # (V, D); float16 and int8, too, where a format keeps such
    counts: Longs1d | None = None  # (V,)
    metadata: Mapping[str, object] = field(default_factory=dict)
    mapped: bool = False  # the matrix still lies in the file, unread
    subwords: Subwords | None = None
    scales: Floats1d | None = None  # (V,), of int8 rows
    norms: Floats1d | None = None  # (V,), if the file has them
    output: StoredRows | None = None  # (V, D), the output vectors of word2vec

    @property
    def rows(self) -> StoredRows:
        """The rows, as they are kept."""
        return StoredRows(self.matrix, self.scales, self.norms)


def in_dtype(contents: VectorContents, dtype: RowType) -> VectorContents:
    """The same contents with rows of another type."""
    output = None if contents.output is None else contents.output.astype(dtype)
    rows = contents.rows.astype(dtype)
    if rows.dtype == contents.rows.dtype:
        return replace(contents, output=output)
    return replace(contents, matrix=rows.values, scales=rows.scales, norms=None, mapped=False, output=output)


def in_memory(contents: VectorContents) -> VectorContents:
    """The contents without anything that still lies in the file."""
    if contents.subwords is not None:
        from embedkit.vectors.subwords.files import subword_arrays, subwords_of

        arrays = subword_arrays(contents.subwords)
        kept = subwords_of({name: np.array(array) for name, array in arrays.items()})
        contents = replace(contents, subwords=kept)
    if contents.output is not None:
        contents = replace(contents, output=contents.output.select(np.arange(len(contents.output))))
    if not contents.mapped:
        return contents
    return replace(
        contents,
        words=list(contents.words),
        matrix=np.array(contents.matrix),
        counts=None if contents.counts is None else np.array(contents.counts),
        mapped=False,
        scales=None if contents.scales is None else np.array(contents.scales),
        norms=None if contents.norms is None else np.array(contents.norms),
    )


def finite_rows(contents: VectorContents, source: str) -> VectorContents:
    """Contents without rows that hold NaN or infinity, which a warning counts and names."""
    finite = np.isfinite(contents.matrix).all(axis=1)
    if contents.scales is not None:
        finite &= np.isfinite(contents.scales)
    if contents.output is not None:
        finite &= np.isfinite(contents.output.norms)
    if finite.all():
        return contents
    rows = np.flatnonzero(finite)
    bad = [contents.words[row] for row in np.flatnonzero(~finite).tolist()]
    shown = ", ".join(map(repr, bad[:3])) + (" ..." if len(bad) > 3 else "")
    if not len(rows):
        raise FormatError(f"{source}: expected finite vectors, got NaN or infinity in all rows")
    warnings.warn(f"{source}: left out {len(bad):,} rows with NaN or infinity: {shown}", stacklevel=2)
    return replace(
        contents,
        words=[contents.words[row] for row in rows.tolist()],
        matrix=contents.matrix[rows] if contents.mapped else keep_rows(contents.matrix, rows),
        counts=None if contents.counts is None else contents.counts[rows],
        scales=None if contents.scales is None else contents.scales[rows],
        norms=None,
        mapped=False,
        output=None if contents.output is None else contents.output.select(rows),
    )


def first_of_each(words: Sequence[str], matrix: Floats2d, source: str) -> VectorContents:
    """Contents without repeated words: the first row of each is kept, the rest are named in a warning.

    Nobody else may hold the matrix.
    """
    if are_distinct(words):
        return VectorContents(words, matrix)
    first: dict[str, int] = {}
    repeated = [word for row, word in enumerate(words) if first.setdefault(word, row) != row]
    shown = ", ".join(map(repr, repeated[:3]))
    warnings.warn(
        f"{source}: {len(repeated)} repeated words dropped, the first row of each kept: {shown}", stacklevel=2
    )
    return VectorContents(list(first), keep_rows(matrix, np.fromiter(first.values(), np.int64, len(first))))

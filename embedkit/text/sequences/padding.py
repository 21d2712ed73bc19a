"""`pad` and `truncate`: sequences of ids as the rows of an array, or cut to a length, at either end."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints2d
from embedkit.errors import InputError
from embedkit.text.sequences.sequences import Sequences, joined, offsets_of, padded_rows

End: TypeAlias = Literal["pre", "post"]
SequencesLike: TypeAlias = Sequences | NDArray[np.integer] | Iterable[Iterable[int] | NDArray[np.integer]]
MIN_ID, MAX_ID = -(2**31), 2**31 - 1


def pad(
    sequences: SequencesLike,
    maxlen: int | None = None,
    *,
    padding: End = "post",
    truncating: End = "post",
    value: int = 0,
) -> Ints2d:
    """The ids of n texts as the rows of an array, filled up at one end and cut at one.

    What Keras' `pad_sequences` does with the same arguments; there "pre" is the default of both ends. The
    defaults here are what Keras' `TextVectorization(output_sequence_length=maxlen)` does.

    Args:
        sequences: the ids of each text: `Sequences`, lists, arrays, or an array of two axes.
        maxlen: the length of every row; None for that of the longest text.
        padding: where shorter texts are filled up: "pre", before their ids, or "post", after them.
        truncating: where longer texts lose ids: "pre", their first ones, or "post", their last.
        value: the id to fill up with: `Vocabulary.padding_id`.

    Returns:
        int32 (n, maxlen).

    Raises:
        InputError: no sequences of ids, tokens that are not encoded, or a `maxlen` below 1.

    Example:
        >>> from embedkit import pad
        >>> pad([[5, 3], [7, 1, 2, 9]])
        array([[5, 3, 0, 0],
               [7, 1, 2, 9]], dtype=int32)
        >>> pad([[5, 3], [7, 1, 2, 9]], maxlen=3, padding="pre", truncating="pre")
        array([[0, 5, 3],
               [1, 2, 9]], dtype=int32)
    """
    if not isinstance(value, int | np.integer) or not MIN_ID <= value <= MAX_ID:
        raise InputError(f"value must be an id, a whole number of 32 bits, got {value!r}")
    left, pre = _checked_end("padding", padding) == "pre", _checked_end("truncating", truncating) == "pre"
    if maxlen is not None and not isinstance(sequences, Sequences):
        sequences = truncate(sequences, maxlen, truncating=truncating)
    ragged = as_sequences(sequences)
    width = int(ragged.lengths.max(initial=0)) if maxlen is None else _checked_length(maxlen)
    kept = np.minimum(ragged.lengths, width)
    starts = ragged.offsets[1:] - kept if pre else ragged.offsets[:-1]
    return padded_rows(ragged.ids, starts, kept, width, value, left)


def truncate(sequences: SequencesLike, maxlen: int, *, truncating: End = "post") -> Sequences:
    """The ids of n texts, of each at most `maxlen`: what `pad` does before it fills rows up.

    Args:
        sequences: the ids of each text, as `pad` takes them.
        maxlen: how many ids of a text are kept.
        truncating: which ids are lost: "pre", the first ones, or "post", the last.

    Raises:
        InputError: as `pad`.

    Example:
        >>> from embedkit import truncate
        >>> truncate([[5, 3], [7, 1, 2, 9]], 3).tolist()
        [[5, 3], [7, 1, 2]]
        >>> truncate([[5, 3], [7, 1, 2, 9]], 3, truncating="pre").tolist()
        [[5, 3], [1, 2, 9]]
    """
    length, pre = _checked_length(maxlen), _checked_end("truncating", truncating) == "pre"
    if isinstance(sequences, Sequences):
        return sequences.truncated(0, length) if pre else sequences.truncated(length)
    return as_sequences(sequences, slice(-length, None) if pre else slice(length))


def as_sequences(rows: SequencesLike, kept: slice = slice(None)) -> Sequences:
    """The ids of texts, however they are given; what are no ids raises `InputError`.

    Args:
        rows: the ids of each text.
        kept: which ids of each text are kept, if the texts are no `Sequences`.
    """
    if isinstance(rows, Sequences):
        return rows
    try:
        if isinstance(rows, str | bytes):
            raise TypeError
        listed: list[Any] = list(rows)
        if listed and all(isinstance(row, np.ndarray) and row.dtype != object for row in listed):
            return _of_arrays([row[kept] for row in listed])
        return joined(_values(row)[kept] for row in listed)
    except (TypeError, OverflowError, IndexError):
        given = " ".join(reprlib.repr(rows).split())
        raise InputError(
            "expected the ids of each text, such as [[5, 3], [7]], each a whole number of 32 bits, got "
            f"{given}; Vocabulary.encode_all makes ids of tokens, and one text stands in a list"
        ) from None


def _of_arrays(rows: list[NDArray[Any]]) -> Sequences:
    """The ids in arrays; what are no whole numbers of 32 bits raises `TypeError` or `OverflowError`."""
    if any(row.ndim != 1 or (len(row) and row.dtype.kind not in "iu") for row in rows):
        raise TypeError
    ids = np.concatenate(rows)
    if ids.dtype != np.int32 and not MIN_ID <= ids.min(initial=0) <= ids.max(initial=0) <= MAX_ID:
        raise OverflowError
    lengths = np.fromiter(map(len, rows), np.int64, len(rows))
    return Sequences(ids.astype(np.int32, copy=False), offsets_of(lengths))


def _values(row: Any) -> Any:
    """The ids of a text as a list, whose values are checked when they are joined."""
    if isinstance(row, str | bytes):
        raise TypeError
    if isinstance(row, np.ndarray):
        return row.tolist()
    return row if isinstance(row, list | tuple) else list(row)


def _checked_length(maxlen: int) -> int:
    if isinstance(maxlen, bool) or not isinstance(maxlen, int | np.integer) or maxlen < 1:
        raise InputError(f"maxlen must be a whole number of at least 1, got {maxlen!r}")
    return int(maxlen)


def _checked_end(name: str, end: End) -> End:
    if end not in ("pre", "post"):
        raise InputError(f'{name} must be "pre" (before the ids) or "post" (after them), got {end!r}')
    return end

"""`pad` and `truncate`: sequences of ids as the rows of an array, or cut to a length, at either end."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints2d, Longs1d
from embedkit.errors import InputError
from embedkit.text.sequences.sequences import Sequences, joined, padded_rows

End: TypeAlias = Literal["pre", "post"]
SequencesLike: TypeAlias = Sequences | NDArray[np.integer] | Iterable[Iterable[int] | NDArray[np.integer]]


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
    ragged = as_sequences(sequences)
    length = int(ragged.lengths.max(initial=0)) if maxlen is None else _checked_length(maxlen)
    if not np.iinfo(np.int32).min <= value <= np.iinfo(np.int32).max:
        raise InputError(f"value must be an id of 32 bits, got {value}")
    starts, kept = _cut(ragged, length, _checked_end("truncating", truncating))
    return padded_rows(ragged.ids, starts, kept, length, value, _checked_end("padding", padding) == "pre")


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
    ragged, length = as_sequences(sequences), _checked_length(maxlen)
    pre = _checked_end("truncating", truncating) == "pre"
    return ragged.truncated(0, length) if pre else ragged.truncated(length)


def as_sequences(rows: SequencesLike) -> Sequences:
    """The ids of texts, however they are given; what are no ids raises `InputError`."""
    if isinstance(rows, Sequences):
        return rows
    if isinstance(rows, str | bytes):
        raise InputError(_refused(rows))
    try:
        return joined(map(_ids, rows))
    except (TypeError, OverflowError):
        raise InputError(_refused(rows)) from None


def _ids(row: Iterable[int] | NDArray[np.integer]) -> list[int]:
    """The ids of a text as a list, whose values are checked when they are joined."""
    if isinstance(row, str | bytes):
        raise TypeError
    values: list[Any] = row.tolist() if isinstance(row, np.ndarray) else list(row)
    return values


def _refused(rows: object) -> str:
    given = " ".join(reprlib.repr(rows).split())
    return (
        "expected the ids of each text, such as [[5, 3], [7]], each a whole number of 32 bits, "
        f"got {given}; Vocabulary.encode_all makes ids of tokens, and one text stands in a list"
    )


def _cut(ragged: Sequences, length: int, truncating: End) -> tuple[Longs1d, Longs1d]:
    """Where the ids of each text that are kept begin, and how many they are."""
    kept = np.minimum(ragged.lengths, length)
    return (ragged.offsets[1:] - kept if truncating == "pre" else ragged.offsets[:-1]), kept


def _checked_length(maxlen: int) -> int:
    if isinstance(maxlen, bool) or not isinstance(maxlen, int | np.integer) or maxlen < 1:
        raise InputError(f"maxlen must be a whole number of at least 1, got {maxlen!r}")
    return int(maxlen)


def _checked_end(name: str, end: End) -> End:
    if end not in ("pre", "post"):
        raise InputError(f'{name} must be "pre" (before the ids) or "post" (after them), got {end!r}')
    return end

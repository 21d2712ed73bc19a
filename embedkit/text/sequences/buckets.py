"""Length buckets: batches of texts of similar lengths, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from embedkit.arrays import Longs1d
from embedkit.errors import InputError

WINDOW = 50  # batches whose texts are sorted by length together: enough to save padding, and still random


def length_buckets(lengths: ArrayLike, batch_size: int, seed: int | None = None) -> Iterator[Longs1d]:
    """The numbers of all texts in batches of similar lengths, each text exactly once.

    Every batch holds `batch_size` texts but one, which may hold fewer. With a seed, texts are shuffled,
    sorted by length in windows of `WINDOW` batches, and the batches come in random order: for training, with
    another seed each epoch. Without, the batches go from the longest texts to the shortest, ties in the order
    of the texts: for prediction, where the batch that needs the most memory had better be the first.

    Args:
        lengths: the number of tokens of each text, (n,): `Sequences.lengths`, or `list(map(len, documents))`.
        batch_size: texts a batch, at least 1.
        seed: the same one gives the same batches.

    Returns:
        Batch by batch, the numbers of its texts, int64 (at most `batch_size`,).

    Raises:
        InputError: lengths that are none, or batches of no text.

    Example:
        >>> from embedkit import length_buckets, pad
        >>> sequences = [[7], [1, 2, 3, 4], [5, 6], [8, 9, 3]]
        >>> for batch in length_buckets([len(sequence) for sequence in sequences], batch_size=2):
        ...     print(batch, pad([sequences[number] for number in batch]).tolist())
        [1 3] [[1, 2, 3, 4], [8, 9, 3, 0]]
        [2 0] [[5, 6], [7, 0]]
    """
    if batch_size < 1:
        raise InputError(f"expected at least 1 text a batch, got {batch_size}")
    numbers = _checked_lengths(lengths)
    if seed is None:
        return _cut(np.argsort(-numbers, kind="stable"), batch_size)
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(len(numbers))
    batches = [
        batch
        for window in _cut(shuffled, batch_size * WINDOW)
        for batch in _cut(window[np.argsort(numbers[window], kind="stable")], batch_size)
    ]
    return map(batches.__getitem__, generator.permutation(len(batches)).tolist())


def _checked_lengths(lengths: ArrayLike) -> Longs1d:
    """The lengths as an array; what is none raises `InputError`."""
    try:
        numbers = np.asarray(lengths)
    except ValueError:  # rows of different lengths
        numbers = np.empty((0, 0))
    if numbers.ndim != 1 or (len(numbers) and (numbers.dtype.kind not in "iu" or numbers.min() < 0)):
        raise InputError(
            f"expected a length of at least 0 for each text, got {str(lengths)[:60]}; "
            "give list(map(len, documents)), or the lengths of Sequences"
        )
    return numbers.astype(np.int64)


def _cut(order: Longs1d, size: int) -> Iterator[Longs1d]:
    """Consecutive parts of `size` entries; the last may be shorter."""
    return (order[start : start + size] for start in range(0, len(order), size))

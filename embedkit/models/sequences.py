"""`Sequences`: token ids of texts, padded on the right in batches of similar lengths.

Id 0 is padding and id 1 any word that is not in the vocabulary; the words of a vocabulary follow, so that
word i has the id i + 2. A text without words is one unknown word: no row is ever all padding, which the fast
recurrent layers of a GPU refuse, as they do padding on the left.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Ints2d, Longs1d
from embedkit.errors import InputError

PADDING, UNKNOWN, FIRST_WORD = 0, 1, 2
WINDOW = 50  # batches whose texts are sorted by length together: enough to save padding, and still random


class WordIds(dict[str, int]):
    """The id of each word of a vocabulary for a model; any other word has the id `UNKNOWN`."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(zip(words, range(FIRST_WORD, FIRST_WORD + len(words)), strict=True))

    def __missing__(self, word: str) -> int:
        return UNKNOWN

    def __repr__(self) -> str:
        return f"<WordIds: {len(self):,} words>"


@dataclass(frozen=True)
class Sequences:
    """The ids of n texts, one text after the other.

    Args:
        ids: int32 (total,), each at least `UNKNOWN`.
        offsets: int64 (n + 1,): text i is `ids[offsets[i]:offsets[i + 1]]`, never empty.
    """

    ids: Ints1d
    offsets: Longs1d

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, text: int) -> Ints1d:
        """The ids of one text, counted from 0."""
        row: Ints1d = self.ids[self.offsets[text] : self.offsets[text + 1]]
        return row

    @property
    def lengths(self) -> Longs1d:
        """The number of ids of each text, (n,)."""
        return np.diff(self.offsets)

    def part(self, begin: int, end: int) -> Sequences:
        """The texts from `begin` to before `end`, or as many as there are."""
        offsets = self.offsets[begin : end + 1]
        return Sequences(self.ids[offsets[0] : offsets[-1]], offsets - offsets[0])

    def truncated(self, first: int, last: int = 0) -> Sequences:
        """The same texts with only the `first` and the `last` ids of those that are longer than both."""
        if first < 0 or last < 0 or first + last == 0:
            raise InputError(f"expected to keep at least 1 id of a text, got {first} first and {last} last")
        lengths = self.lengths
        kept = np.minimum(lengths, first + last)
        offsets = _offsets(kept)
        place = np.arange(offsets[-1]) - np.repeat(offsets[:-1], kept)  # of an id in its shortened text
        skipped = np.repeat(lengths - kept, kept) * (place >= first)
        return Sequences(self.ids[np.repeat(self.offsets[:-1], kept) + place + skipped], offsets)

    def padded(self, texts: NDArray[np.integer], multiple: int = 1) -> Ints2d:
        """The ids of some texts as rows, int32 (k, length), with `PADDING` on the right.

        The length is that of the longest of them, rounded up to a multiple of `multiple`.
        """
        starts, lengths = self.offsets[texts], self.lengths[texts]
        length = -(-int(lengths.max(initial=1)) // multiple) * multiple
        rows = np.full((len(starts), length), PADDING, np.int32)
        filled = np.arange(length) < lengths[:, None]
        place = np.arange(int(lengths.sum())) - np.repeat(_offsets(lengths)[:-1], lengths)
        rows[filled] = self.ids[np.repeat(starts, lengths) + place]
        return rows


def encode(texts: Iterable[Sequence[str]], words: Mapping[str, int]) -> Sequences:
    """The numbers of the words of texts, read one by one; a text without tokens is one `UNKNOWN`."""
    ids, lengths = array("i"), array("q")
    for tokens in texts:
        before = len(ids)
        ids.extend(map(words.__getitem__, tokens))
        if len(ids) == before:
            ids.append(UNKNOWN)
        lengths.append(len(ids) - before)
    return Sequences(np.frombuffer(ids, np.int32), _offsets(np.frombuffer(lengths, np.int64)))


def length_buckets(
    lengths: NDArray[np.integer], batch_size: int, seed: int | None = None
) -> Iterator[Longs1d]:
    """The numbers of all texts in batches of similar lengths, each text exactly once.

    Every batch holds `batch_size` texts but one, which may hold fewer. With a seed, texts are shuffled,
    sorted by length in windows of `WINDOW` batches, and the batches come in random order: for training.
    Without, the batches go from the longest texts to the shortest, ties in the order of the texts: for
    prediction, where the batch that needs the most memory had better be the first.
    """
    if batch_size < 1:
        raise InputError(f"expected at least 1 text a batch, got {batch_size}")
    if seed is None:
        order = np.argsort(-lengths.astype(np.int64), kind="stable")
        yield from _cut(order, batch_size)
        return
    generator = np.random.default_rng(seed)
    shuffled = generator.permutation(len(lengths))
    batches = [
        batch
        for window in _cut(shuffled, batch_size * WINDOW)
        for batch in _cut(window[np.argsort(lengths[window], kind="stable")], batch_size)
    ]
    for number in generator.permutation(len(batches)).tolist():
        yield batches[number]


def _cut(order: Longs1d, size: int) -> Iterator[Longs1d]:
    """Consecutive parts of `size` entries; the last may be shorter."""
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _offsets(lengths: NDArray[np.integer]) -> Longs1d:
    """Where each of the parts of these lengths begins, and where the last ends: [2, 1] gives [0, 2, 3]."""
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])

"""n-grams as sorted integer keys, of words in texts or characters in words, without making strings.

A bigram is one number, made of the numbers of its two symbols; a trigram of that of its first two symbols as
a bigram and of its third, and so on. If an n-gram is frequent, so are all its parts: so each order is looked
for only where the one before was found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from embedkit.arrays import Bools1d, Ints1d, Longs1d
from embedkit.errors import FormatError

Keys = tuple[Longs1d, ...]
ABSENT = -1


@dataclass(frozen=True)
class Symbols:
    """The symbols of `count` rows, one row after the other: the words of texts, the characters of words.

    Their n-grams are told by `keys`: for each order from 2 on the sorted numbers of its n-grams, which are
    the place of the first n - 1 symbols among the n-grams of that order, times `known`, plus the place of
    the last symbol.

    Args:
        places: int64 (N,), the place of each symbol among those that are known, or `ABSENT`.
        rows: int32 (N,), the row of each symbol.
        count: the number of rows.
        known: the number of symbols that are known.
    """

    places: Longs1d
    rows: Ints1d
    count: int
    known: int

    def keys(self, longest: int, often: Callable[[Any], Bools1d]) -> Keys:
        """The keys of n-grams of up to `longest` symbols, of which `often` picks.

        It is given a csr table (count, n-grams of an order), how often each row holds each, and says which.
        """
        keys: list[Longs1d] = []
        places = self.places
        for order in range(2, longest + 1):
            numbers = self._numbers(places, order)
            present = numbers >= 0
            unique, columns = _unique(numbers[present])
            held = table(self.rows[present], columns, (self.count, len(unique)))
            keys.append(unique[often(held)])
            places = _places(numbers, keys[-1])
        return tuple(keys)

    def tables(self, keys: Keys) -> Iterator[Any]:
        """How often each row holds each symbol, each bigram and so on: csr float32 (count, n-grams)."""
        widths = self.known, *map(len, keys)
        for places, width in zip(self.occurrences(keys), widths, strict=True):
            present = places >= 0
            yield table(self.rows[present], places[present], (self.count, width))

    def occurrences(self, keys: Keys) -> Iterator[Longs1d]:
        """Of each order the n-gram that begins with each symbol, int64 (N,): its place, or `ABSENT`."""
        places = self.places
        yield places
        for order, ngrams in enumerate(keys, 2):
            places = _places(self._numbers(places, order), ngrams)
            yield places

    def longer(self, keys: Keys) -> Longs1d:
        """The numbers of all n-grams of one symbol more than those of `keys`, which they begin with."""
        *_, places = self.occurrences(keys)
        numbers = self._numbers(places, len(keys) + 2)
        return numbers[numbers >= 0]

    def _numbers(self, places: Longs1d, order: int) -> Longs1d:
        """The numbers of n-grams of `order` symbols that begin with n-grams at `places`, or `ABSENT`."""
        numbers = np.full(len(places), ABSENT, np.int64)
        last = self.places[order - 1 :]
        first = places[: len(last)]
        whole = (first >= 0) & (last >= 0) & (self.rows[: len(last)] == self.rows[order - 1 :])
        numbers[: len(last)][whole] = first[whole] * self.known + last[whole]
        return numbers


def table(rows: NDArray[Any], columns: NDArray[Any], shape: tuple[int, int]) -> Any:
    """How often each pair of a row and a column occurs, csr float32."""
    counts = csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape)
    counts.sum_duplicates()
    return counts


def row_counts(held: Any) -> Longs1d:
    """In how many rows of a csr table (n, F) each column occurs, (F,)."""
    counts: Longs1d = np.bincount(held.indices, minlength=held.shape[1])
    return counts


def frequent_words(words: Sequence[str], counts: Longs1d, min_df: int) -> list[str]:
    """The words in at least `min_df` texts, the most frequent first, ties by word."""
    often = [(-count, word) for count, word in zip(counts.tolist(), words, strict=True) if count >= min_df]
    return [word for _, word in sorted(often)]


def keys_of(ngrams: Sequence[Sequence[str]]) -> tuple[list[str], Keys, Longs1d]:
    """The symbols and the keys that n-grams of any orders need, and the column of each of them.

    The beginnings of an n-gram are n-grams, too, as their keys are made of each other.

    Example:
        >>> from embedkit.text.ngrams.keys import keys_of, ngram_names
        >>> symbols, keys, columns = keys_of(["cat", "t"])
        >>> ngram_names(symbols, keys, "")
        ['a', 'c', 't', 'ca', 'cat']
        >>> columns
        array([4, 2])
    """
    symbols = sorted({symbol for ngram in ngrams for symbol in ngram})
    number = {symbol: place for place, symbol in enumerate(symbols)}
    places = np.array([number[ngram[0]] for ngram in ngrams], np.int64)
    lengths, columns = np.array(list(map(len, ngrams)), np.int64), places.copy()
    keys: list[Longs1d] = []
    before = len(symbols)
    for order in range(2, lengths.max(initial=1) + 1):
        longer = np.flatnonzero(lengths >= order)
        last = [number[ngrams[ngram][order - 1]] for ngram in longer.tolist()]
        unique, places[longer] = np.unique(places[longer] * len(symbols) + last, return_inverse=True)
        columns[longer] = before + places[longer]
        before += len(unique)
        keys.append(unique)
    return symbols, tuple(keys), columns


def ngram_names(symbols: Sequence[str], keys: Keys, between: str) -> list[str]:
    """The symbols, and after them the n-grams of all orders, written out."""
    names = shorter = list(symbols)
    for numbers in keys:
        firsts, lasts = np.divmod(numbers, max(1, len(symbols)))
        shorter = [
            f"{shorter[first]}{between}{symbols[last]}"
            for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
        ]
        names = names + shorter
    return names


def check_keys(keys: Sequence[Longs1d], known: int) -> None:
    """Raise `FormatError` for keys that n-grams of `known` symbols cannot have."""
    for before, ngrams in zip([known, *map(len, keys)], keys, strict=False):
        if len(ngrams) and not (
            0 <= ngrams[0] <= ngrams[-1] < before * known and (np.diff(ngrams) > 0).all()
        ):
            raise FormatError("its n-grams do not fit its words")


def _unique(numbers: Longs1d) -> tuple[Longs1d, Longs1d]:
    """The sorted different numbers, none negative, and where among them each one stands: `np.unique`."""
    largest = int(numbers.max(initial=0))
    if not _tabulated(largest, numbers):
        unique, places = np.unique(numbers, return_inverse=True)
        return unique, places
    occurs = np.zeros(largest + 1, bool)
    occurs[numbers] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[numbers]


def _places(numbers: Longs1d, keys: Longs1d) -> Longs1d:
    """Where numbers, `ABSENT` or not negative, stand among sorted keys, `ABSENT` where they do not."""
    if len(keys) == 0:
        return np.full(len(numbers), ABSENT, np.int64)
    largest = int(keys[-1])
    if _tabulated(largest, numbers):
        place_of = np.full(largest + 2, ABSENT, np.int64)  # the last one is that of larger numbers and ABSENT
        place_of[keys] = np.arange(len(keys))
        return place_of[np.minimum(numbers, largest + 1)]
    places = np.minimum(np.searchsorted(keys, numbers), len(keys) - 1)
    return np.where(keys[places] == numbers, places, ABSENT)


def _tabulated(largest: int, numbers: Longs1d) -> bool:
    """Whether a table up to `largest` is small beside the numbers; looking up is faster than sorting."""
    return largest < 2 * len(numbers)

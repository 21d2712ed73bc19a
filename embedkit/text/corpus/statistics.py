"""`CorpusStatistics`: what a corpus holds: growth of its vocabulary, laws of frequency, lengths of documents.

Zipf's law, that the word of rank r occurs about r ** -s times, is fitted as `embedkit.statistics.zipf` says.
Heaps' law says that n tokens hold K n ** b types; K and b are the line of least
squares through the type-token curve on logarithmic axes, from `HEAPS_FROM` tokens on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.errors import InputError
from embedkit.statistics.zipf import ZipfFit, fit_zipf
from embedkit.text.corpus.manifest import ShardEntry
from embedkit.text.corpus.shards import Shard
from embedkit.text.vocabulary import Vocabulary

CURVE_POINTS = 60
HEAPS_FROM = 1000  # tokens
MIN_COUNTS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
PERCENTILES = (0, 5, 25, 50, 75, 95, 99, 100)
_SLICE = 1 << 16  # tokens looked at together


class HeapsFit(NamedTuple):
    """Among n tokens there are about factor * n ** exponent types."""

    factor: float
    exponent: float


class Kept(NamedTuple):
    """What is left if words are ignored that occur less often than `min_count`."""

    min_count: int
    types: int
    tokens: int


@dataclass(frozen=True, eq=False)
class CorpusStatistics:
    """What `Corpus.statistics` tells of a corpus.

    Attributes:
        documents: the number of documents.
        tokens: the number of words, each counted as often as it stands there.
        types: the number of different words.
        hapaxes: the number of words that occur once.
        curve: (tokens, types): how many types there are among the first tokens, int64, both rising.
        counts: how often each type occurs, the most frequent first.
        zipf: Zipf's law fitted to the counts; None of too few words.
        heaps: Heaps' law fitted to the curve; None of too few tokens.
        lengths: (percentile, tokens): so many percent of the documents have at most so many tokens.
        kept: what each `min_count` keeps.
        frequent: the most frequent words and their counts.
    """

    documents: int
    tokens: int
    types: int
    hapaxes: int
    curve: tuple[Longs1d, Longs1d]
    counts: Longs1d
    zipf: ZipfFit | None
    heaps: HeapsFit | None
    lengths: tuple[tuple[int, int], ...]
    kept: tuple[Kept, ...]
    frequent: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary, shards: Iterable[tuple[ShardEntry, Shard]], top: int) -> Self:
        """The statistics of checked shards, which are read once, and of their vocabulary.

        Args:
            vocabulary: the words by their ids, with counts, in any order.
            shards: what `Corpus.checked_shards` gives.
            top: the number of frequent words.
        """
        assert vocabulary.counts is not None  # noqa: S101 - a corpus counts its words
        counts = np.sort(vocabulary.counts)[::-1]
        tokens = int(counts.sum())
        growth, lengths = _Growth(len(counts), tokens), _Lengths()
        for entry, shard in shards:
            ids, offsets = np.asarray(shard.ids), np.asarray(shard.offsets)
            growth.add(ids)
            lengths.add(np.diff(offsets), entry.continues)
        frequent = np.argsort(-vocabulary.counts, kind="stable")[:top].tolist()
        return cls(
            documents=lengths.documents,
            tokens=tokens,
            types=len(counts),
            hapaxes=int(np.count_nonzero(counts == 1)),
            curve=growth.curve(),
            counts=counts,
            zipf=_zipf(counts),
            heaps=_heaps(*growth.curve()),
            lengths=lengths.percentiles(),
            kept=tuple(
                Kept(least, len(kept), int(kept.sum()))
                for least in MIN_COUNTS
                if len(kept := counts[counts >= least])
            ),
            frequent=tuple((vocabulary.words[number], int(vocabulary.counts[number])) for number in frequent),
        )


class _Growth:
    """The type-token curve, at points that are spread evenly over the logarithm of the tokens."""

    def __init__(self, types: int, tokens: int) -> None:
        self._seen = np.zeros(types, bool)
        self._points = np.unique(np.geomspace(1, tokens, CURVE_POINTS).round().astype(np.int64))
        self._new = np.zeros(len(self._points), np.int64)  # types that are first seen before each point
        self._position = 0

    def add(self, ids: Ints1d) -> None:
        """Take in the next tokens."""
        for begin in range(0, len(ids), _SLICE):
            part = ids[begin : begin + _SLICE]
            unseen = np.flatnonzero(~self._seen[part])
            if len(unseen):
                types, first = np.unique(part[unseen], return_index=True)
                self._seen[types] = True
                points = np.searchsorted(self._points, self._position + begin + unseen[first] + 1)
                self._new += np.bincount(points, minlength=len(self._points))
        self._position += len(ids)

    def curve(self) -> tuple[Longs1d, Longs1d]:
        """(tokens, types) at each point."""
        return self._points, self._new.cumsum()


class _Lengths:
    """How many documents have which length; a document may have parts in several shards."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._open = 0  # tokens of the last document so far

    def add(self, lengths: Longs1d, continues: bool) -> None:
        """Take in the parts of documents in a shard."""
        if not len(lengths):
            return
        lengths = lengths.copy()
        if continues:
            lengths[0] += self._open
        elif self._open:
            self._count(np.array([self._open]))
        self._count(lengths[:-1])
        self._open = int(lengths[-1])

    @property
    def documents(self) -> int:
        """The number of documents."""
        return sum(self._numbers.values()) + (self._open > 0)

    def percentiles(self) -> tuple[tuple[int, int], ...]:
        """For each percentile the least length that so many percent of the documents do not exceed."""
        numbers = self._numbers.copy()
        numbers[self._open] = numbers.get(self._open, 0) + 1
        lengths = np.array(sorted(numbers))
        up_to = np.cumsum([numbers[length] for length in lengths.tolist()])
        places = [int(np.searchsorted(up_to, percent / 100 * up_to[-1])) for percent in PERCENTILES]
        return tuple(
            (percent, int(lengths[place])) for percent, place in zip(PERCENTILES, places, strict=True)
        )

    def _count(self, lengths: NDArray[np.int64]) -> None:
        for length, number in zip(
            *map(np.ndarray.tolist, np.unique(lengths, return_counts=True)), strict=True
        ):
            self._numbers[length] = self._numbers.get(length, 0) + number


def _zipf(counts: Longs1d) -> ZipfFit | None:
    """Zipf's law for counts of types; None if there are too few."""
    try:
        return fit_zipf(counts)
    except InputError:
        return None


def _heaps(tokens: Longs1d, types: Longs1d) -> HeapsFit | None:
    """Heaps' law for the type-token curve; None if that is too short."""
    long = tokens >= HEAPS_FROM
    if np.count_nonzero(long) < 3:
        return None
    exponent, constant = np.polyfit(np.log(tokens[long]), np.log(types[long]), 1)
    return HeapsFit(float(np.exp(constant)), float(exponent))

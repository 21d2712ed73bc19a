"""`BucketSubwords`: a word's vector is the mean of the rows that hashes of its n-grams find in a table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d, Longs1d
from embedkit.errors import InputError
from embedkit.parallel.cores import available_cores
from embedkit.parallel.inline import InlineExecutor
from embedkit.parallel.mapping import map_in_order
from embedkit.parallel.threads import threads
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords import hashing, row_means
from embedkit.vectors.subwords.quantized_rows import QuantizedRows, RowTable
from embedkit.vectors.subwords.subwords import Subwords

EOS = b"</s>"  # fastText's end of a line, a word without n-grams
BLOCK = 4096  # words at once
MANY = 20_000  # words for which it pays to load compiled loops
MAX_CHARACTERS = 100  # of an n-gram; more is a mistake


class _HashNgrams(Protocol):
    def __call__(self, words: PackedWords, minn: int, maxn: int) -> tuple[NDArray[np.uint32], Longs1d]: ...


class _RowMeans(Protocol):
    def __call__(
        self, table: Floats2d, ids: Longs1d, counts: Longs1d, first: Floats2d | None = None
    ) -> Floats2d: ...


class Loops(NamedTuple):
    """The loops over n-grams and rows: in numpy, or compiled ones."""

    fnv1a_ngrams: _HashNgrams
    row_means: _RowMeans


NUMPY = Loops(hashing.fnv1a_ngrams, row_means.row_means)


@dataclass(frozen=True, eq=False, repr=False)
class BucketSubwords(Subwords):
    """What tables of n-grams have in common.

    Attributes:
        table: the rows, (B, D).
        minn: characters of the shortest n-grams of "<word>".
        maxn: characters of the longest ones.
    """

    table: RowTable
    minn: int
    maxn: int

    def __repr__(self) -> str:
        rows, size = self.table.shape
        return f"{type(self).__name__}({rows} x {size}, n-grams of {self.minn} to {self.maxn})"

    @property
    def vector_size(self) -> int:
        """The number of dimensions D."""
        return int(self.table.shape[1])

    def vectors(self, words: Sequence[str]) -> Floats2d:
        """The vectors of `words`, float32 (n, D); zero for a word without n-grams."""
        means = self.means(PackedWords.of(words))
        bad = np.flatnonzero(~np.isfinite(means).all(axis=1))
        if len(bad):
            raise InputError(f"expected finite vectors, got NaN or infinity in that of {words[bad[0]]!r}")
        return means

    def means(self, words: PackedWords, first: RowTable | None = None) -> Floats2d:
        """The mean of the rows of each word's n-grams and, if given, one more for each, (n, D)."""
        means = np.empty((len(words), self.vector_size), np.float32)

        def fill(block: slice) -> None:
            part = PackedWords(words.letters, words.ends[block.start : block.stop + 1])
            begin = None if first is None else first[block]
            means[block] = self._means(part, begin, loops)

        with _loops(len(words)) as (loops, pool, in_flight):
            for _ in map_in_order(pool, fill, _blocks(len(words)), in_flight):
                pass
        return means

    @abstractmethod
    def rows(self, words: PackedWords, loops: Loops = NUMPY) -> tuple[Longs1d, Longs1d]:
        """The rows of each word's n-grams, word after word, and how many each has: (total,), (n,)."""

    def _means(self, words: PackedWords, first: Floats2d | None, loops: Loops) -> Floats2d:
        ids, counts = self.rows(words, loops)
        if not isinstance(self.table, QuantizedRows):
            return loops.row_means(self.table, ids, counts, first)
        used, places = np.unique(ids, return_inverse=True)
        return loops.row_means(self.table[used], places, counts, first)


@contextmanager
def _loops(words: int) -> Iterator[tuple[Loops, Executor, int]]:
    """The loops for so many words, what runs them, and how many blocks at once."""
    if words < MANY:
        yield NUMPY, InlineExecutor(), 1
        return
    with compiled_loops() as loops:
        yield loops


@contextmanager
def compiled_loops() -> Iterator[tuple[Loops, Executor, int]]:
    """The compiled loops, threads that run them, and how many blocks at once."""
    from embedkit.vectors.subwords import ngram_kernels

    workers = available_cores()
    with threads(workers) as pool:
        yield Loops(ngram_kernels.fnv1a_ngrams, ngram_kernels.row_means), pool, workers + 1


def _blocks(words: int) -> Iterator[slice]:
    """Slices of at most `BLOCK` words."""
    for start in range(0, words, BLOCK):
        yield slice(start, min(start + BLOCK, words))


def without_eos(words: PackedWords, ids: Longs1d, counts: Longs1d) -> tuple[Longs1d, Longs1d]:
    """Rows and their numbers for each word, of which the end of a line has none."""
    candidates = np.flatnonzero(words.lengths == len(EOS)).tolist()
    ends = [
        word for word in candidates if words.letters[slice(*words.ends[word : word + 2])].tobytes() == EOS
    ]
    if not ends:
        return ids, counts
    kept = np.ones(len(words), bool)
    kept[ends] = False
    return ids[np.repeat(kept, counts)], np.where(kept, counts, 0)

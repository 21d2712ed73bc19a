"""Targets of documents: the words and n-grams of words that they hold, as shards of numbers.

The number of a bigram is V, the number of words, plus its place among bigrams, and so on. Words alone are the
shards of the corpus; n-grams are written to temporary ones, which are mapped, so that memory holds one shard
and the n-grams that get a vector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.text.corpus.shards import Shard, save_array, shard_file
from embedkit.text.ngrams.keys import ABSENT, Keys, Symbols

AT_ONCE = 1 << 24  # n-grams that are counted at once; of more, so many parts are counted one after the other


class DocumentTargets(NamedTuple):
    """The targets of documents, shard by shard, and how often each of the T targets occurs, int64 (T,)."""

    shards: list[Shard]
    counts: Longs1d
    keys: Keys = ()


def ngram_targets(
    shards: Sequence[Shard], known: int, longest: int, min_count: int, folder: Path
) -> DocumentTargets:
    """The words and n-grams of up to `longest` words that occur `min_count` times, as shards in a folder.

    Args:
        shards: of words, of which the first `known` count.
        known: the number V of words.
        longest: words of an n-gram.
        min_count: of n-grams.
        folder: which is to outlive the shards.
    """
    words = sum(len(shard.ids) for shard in shards)
    keys = frequent_ngrams(lambda: (symbols_of(shard, known) for shard in shards), words, longest, min_count)
    counts = np.zeros(known + sum(map(len, keys)), np.int64)
    made: list[Shard] = []
    for number, shard in enumerate(shards):
        found = targets_in(symbols_of(shard, known), shard.offsets, keys)
        counts += np.bincount(found.ids, minlength=len(counts))
        made.append(Shard(*(_mapped(array, folder, number, kind) for kind, array in found._asdict().items())))
    return DocumentTargets(made, counts, keys)


def _mapped(array: NDArray[Any], folder: Path, number: int, kind: str) -> NDArray[Any]:
    """The array, written to a file and mapped."""
    path = shard_file(folder, number, kind)
    save_array(path, array)
    return np.asarray(np.load(path, "r"))


def frequent_ngrams(
    symbols: Callable[[], Iterator[Symbols]], words: int, longest: int, min_count: int
) -> Keys:
    """The keys of n-grams of 2 to `longest` words that occur `min_count` times in all texts.

    They are read anew, by `symbols`, for each order and each part of the n-grams, of which there are more the
    more `words` the texts have, so that memory does not grow with them.
    """
    keys: Keys = ()
    parts = 1 + words // AT_ONCE
    for _ in range(longest - 1):
        found = [_frequent(symbols(), keys, min_count, part, parts) for part in range(parts)]
        keys = (*keys, np.sort(np.concatenate(found)))
    return keys


def _frequent(texts: Iterator[Symbols], keys: Keys, min_count: int, part: int, parts: int) -> Longs1d:
    """The numbers of one part of the n-grams, those that leave the remainder `part`, sorted."""
    numbers = [np.zeros(0, np.int64)]
    for text in texts:
        longer = text.longer(keys)
        numbers.append(longer[longer % parts == part] if parts > 1 else longer)
    unique, counts = np.unique(np.concatenate(numbers), return_counts=True)
    return unique[counts >= min_count]


def symbols_of(texts: Shard, known: int) -> Symbols:
    """The words of texts as symbols, of which the first `known` are known."""
    places = np.where(texts.ids < known, texts.ids, ABSENT).astype(np.int64)
    count = len(texts.offsets) - 1
    rows = np.repeat(np.arange(count, dtype=np.int32), np.diff(texts.offsets))
    return Symbols(places, rows, count, known)


def targets_in(symbols: Symbols, offsets: Longs1d, keys: Keys) -> Shard:
    """The targets of texts in order of the places where they begin."""
    numbers = np.empty((len(symbols.places), 1 + len(keys)), np.int32)
    before = 0
    widths = symbols.known, *map(len, keys)
    for order, (places, width) in enumerate(zip(symbols.occurrences(keys), widths, strict=True)):
        numbers[:, order] = np.where(places >= 0, places + before, ABSENT)
        before += width
    present = numbers >= 0
    ends = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    ids: Ints1d = numbers[present]
    return Shard(ids, ends[offsets])

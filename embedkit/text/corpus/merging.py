"""`Merger`: one vocabulary for all shards, whole or of the most frequent words in bounded memory.

With a largest vocabulary of N words, no more than 2 N are counted at any time, and those of one shard more.
When there are more, the N with the highest counts stay. This is the frequent-items summary of Misra and Gries
(1982) or, up to a constant, Space-Saving (Metwally et al., 2005), merged with the exact counts of each shard
as in Agarwal et al., "Mergeable Summaries" (PODS 2012, section 2): a word that comes (again) may have been
dropped before, so its count is uncertain by at most the highest count that was dropped, and words are dropped
by what they may have at most. That bound never exceeds the number of tokens divided by N + 1. In the end the
words that are left are counted anew in all shards, so all counts are exact, and every word that occurs more
often than the bound is in the vocabulary.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.text.corpus.distinct import DistinctWords
from embedkit.text.corpus.encoding import RANKS
from embedkit.text.corpus.shard_records import ShardWords, load_record
from embedkit.text.corpus.shards import save_array, shard_file, writing
from embedkit.text.corpus.word_table import UNKNOWN, WordTable
from embedkit.text.packed_words import PackedWords, frequency_order
from embedkit.text.vocabulary import Vocabulary


class Dropped(NamedTuple):
    """What a largest vocabulary cost; no word that occurs more often than `highest_count` was dropped."""

    types: int  # estimated, with a standard error of 0.8 %, if the words of one shard did not tell
    tokens: int
    highest_count: int


class Known(NamedTuple):
    """The corpus that shards are added to: its words, which keep their ids, and how many shards it has."""

    vocabulary: Vocabulary
    shards: int


class Merger:
    """Numbers the words of all shards and adds up their counts.

    Args:
        folder: where the shards are.
        table: an empty table.
        known: what the shards are added to.
        max_vocabulary: the most words to keep; then the shards have records.
    """

    def __init__(
        self, folder: Path, table: WordTable, known: Known | None = None, max_vocabulary: int | None = None
    ) -> None:
        self.folder = folder
        self.first = known.shards if known else 0  # the number of the first shard
        self.lines: list[tuple[int, ...]] = []  # of the first and the last document of each shard
        self.words = 0
        self.dropped: Dropped | None = None
        self._table = table
        self._max = max_vocabulary
        self._bound = 0  # no word that is not in the table has a higher count
        self._counts, self._known = np.zeros(0, np.int64), 0
        if known is not None and known.vocabulary.counts is not None:
            self._known = len(table.number(known.vocabulary.words))
            self._counts = known.vocabulary.counts.copy()
        self._errors = np.zeros(self._known, np.int64)  # how much higher each count may be

    def add(self, shard: ShardWords) -> None:
        """Take in the next shard; what its words are numbered waits on the disk for `finish_shard`."""
        before = len(self._table)
        numbers = self._table.number(shard.words)
        save_array(shard_file(self.folder, self.first + len(self.lines), "words"), numbers)
        self._grow(before)
        self._counts[numbers] += shard.counts  # no word occurs twice in `numbers`
        self.lines.append(shard.lines)
        self.words += int(shard.counts.sum())
        if self._max is not None and len(self._table) > 2 * self._max:
            self._prune(self._max)

    def save_vocabulary(self, path: Path) -> tuple[PackedWords, Longs1d]:
        """Write the vocabulary; the rank of each number is left on the disk for `finish_shard`.

        Returns:
            The words and their counts, by their ids.
        """
        others = self._recount() if self._bound else None
        words, counts = self._table.words(), self._counts[: len(self._table)]
        new = frequency_order(words.since(self._known), counts[self._known :])
        order = np.concatenate([np.arange(self._known), self._known + new])
        kept = order[: self._max]
        if len(kept) < len(order):
            self._bound = max(self._bound, int(counts[order[len(kept)]]))
        if self._bound:
            types = len(order) - len(kept) + (others.estimate() if others else 0)
            self.dropped = Dropped(types, self.words - int(counts[kept].sum()), self._bound)
        ranks = np.full(len(words), UNKNOWN, np.int32)
        ranks[kept] = np.arange(len(kept), dtype=np.int32)
        save_array(self.folder / RANKS, ranks)
        words, counts = words.take(kept), counts[kept]
        with writing(self.folder):
            self._table.save(path, words, counts)
        return words, counts

    def _grow(self, before: int) -> None:
        """Let there be counts for the words behind the first `before`: 0, or anything up to the bound."""
        if (room := len(self._table)) > len(self._counts):
            new = np.zeros(max(room, 3 * len(self._counts) // 2) - len(self._counts), np.int64)
            self._counts, self._errors = (np.concatenate([old, new]) for old in (self._counts, self._errors))
        self._errors[before:room] = self._bound

    def _prune(self, size: int) -> None:
        """Keep the `size` words that may have the highest counts."""
        words = self._table.words()
        highest = self._counts[: len(words)] + self._errors[: len(words)]
        order = frequency_order(words, highest)
        self._bound = int(highest[order[size]])
        kept = np.sort(order[:size])
        self._counts, self._errors = self._counts[kept], self._errors[kept]
        self._table = type(self._table)(words.take(kept))

    def _recount(self) -> DistinctWords:
        """Number and count the words that are left in all shards; returns the others."""
        self._counts, others = np.zeros(len(self._table), np.int64), DistinctWords()
        for number in range(self.first, self.first + len(self.lines)):
            shard = load_record(self.folder, number)
            numbers = self._table.find(shard.words)
            save_array(shard_file(self.folder, number, "words"), numbers)
            known = numbers != UNKNOWN
            self._counts[numbers[known]] += shard.counts[known]
            others.add(shard.words.take(np.flatnonzero(~known)))
        return others

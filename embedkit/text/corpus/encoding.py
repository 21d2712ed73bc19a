"""Encoding documents into the shards of a corpus, block by block, in any number of processes.

Each block becomes one shard whose words are numbered as they first occur in it. The parent numbers the words
of all shards in the order of the blocks, and at the end one array lookup a shard turns local numbers into ids
of the sorted vocabulary. A line may go on in the next block, and then its document in the next shard. Where a
block ends never depends on the workers, so neither does any byte of the result. Memory holds the vocabulary
and a few blocks, never the corpus.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import InputError
from embedkit.text.corpus.shards import save_array, shard_file, shard_sha256, writing
from embedkit.text.corpus.word_table import WordTable
from embedkit.text.packed_words import PackedWords, frequency_order
from embedkit.text.tokenization.numbered import NumberedWords

RANKS = "ranks.npy"
MAX_WORD = 1 << 20  # characters of a word


@dataclass(frozen=True)
class ShardWords:
    """What the parent learns of a shard: its words, numbered by position, and their counts."""

    words: Sequence[str]
    counts: Longs1d
    documents: int
    lines: tuple[int, ...]  # those of its first and its last document; none if it has no document
    replaced: int  # undecodable places in its text


class ShardSize(NamedTuple):
    """A shard as the manifest tells of it; it may continue the last document of the shards before."""

    words: int
    documents: int
    continues: bool


def write_shard(numbered: NumberedWords, folder: Path, number: int, replaced: int = 0) -> ShardWords:
    """Write numbered words, of which each line is a document, and tell which words they are."""
    _check_lengths(numbered.words)
    save_array(shard_file(folder, number, "ids"), numbered.ids)
    save_array(shard_file(folder, number, "offsets"), numbered.offsets)
    lines = numbered.lines.tolist()
    return ShardWords(numbered.words, numbered.counts, len(lines), (*lines[:1], *lines[-1:]), replaced)


def _check_lengths(words: Sequence[str]) -> None:
    """Raise `InputError` for a word that is too long to be one."""
    if isinstance(words, PackedWords) and words.lengths.max(initial=0) <= MAX_WORD:  # characters are fewer
        return
    longest = max(words, key=len, default="")
    if len(longest) > MAX_WORD:
        raise InputError(
            f"expected words of at most {MAX_WORD:,} characters, got one of {len(longest):,}, which begins "
            f"with {longest[:40]!r}; is this text, with blanks between words?"
        )


class Merger:
    """Numbers the words of all shards and adds up their counts."""

    def __init__(self, folder: Path, table: WordTable) -> None:
        self.folder = folder
        self.table = table
        self.shards: list[ShardSize] = []
        self.words = 0
        self._last_line: tuple[int, ...] = (-1,)  # of the last document; a shard may go on with it
        self._counts = np.zeros(1 << 16, np.int64)

    def add(self, shard: ShardWords) -> None:
        """Take in the next shard; what its words are numbered waits on the disk for `finish`."""
        numbers = self.table.number(shard.words)
        save_array(shard_file(self.folder, len(self.shards), "words"), numbers)
        if len(self.table) > len(self._counts):
            self._counts = np.concatenate([self._counts, np.zeros(len(self.table), np.int64)])
        self._counts[numbers] += shard.counts  # no word occurs twice in `numbers`
        continues = shard.lines[:1] == self._last_line
        size = ShardSize(int(shard.counts.sum()), shard.documents, continues)
        self._last_line = shard.lines[1:] or self._last_line
        self.shards.append(size)
        self.words += size.words

    def save_vocabulary(self, path: Path) -> tuple[PackedWords, Longs1d]:
        """Write all words seen, sorted; the rank of each is left on the disk for `finish_shard`.

        Returns:
            The words and their counts, sorted.
        """
        words, counts = self.table.words(), self._counts[: len(self.table)]
        order = frequency_order(words, counts)
        ranks = np.empty(len(words), np.int32)
        ranks[order] = np.arange(len(words), dtype=np.int32)
        save_array(self.folder / RANKS, ranks)
        words, counts = words.take(order), counts[order]
        with writing(self.folder):
            self.table.save(path, words, counts)
        return words, counts


def finish_shard(task: tuple[Path, int]) -> str:
    """Turn a shard's local numbers into ids of the sorted vocabulary; its sha256 over ids and offsets."""
    folder, number = task
    ranks = np.load(folder / RANKS, mmap_mode="r")
    words, file = (shard_file(folder, number, kind) for kind in ("words", "ids"))
    ids = np.take(ranks[np.load(words)], np.load(file))
    save_array(file, ids)
    with writing(folder):
        words.unlink()
    return shard_sha256(ids, np.load(shard_file(folder, number, "offsets"), mmap_mode="r"))

"""Encoding documents into the shards of a corpus, block by block, in any number of workers.

Each block becomes one shard whose words are numbered as they first occur in it. The parent numbers the words
of all shards in the order of the blocks (`merging`), and at the end one array lookup a shard turns local
numbers into ids of the vocabulary. A line may go on in the next block, and then its document in the next
shard. Where a block ends never depends on the workers, so neither does any byte of the result. Memory holds
the vocabulary and a few blocks, never the corpus.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.errors import InputError
from embedkit.text.corpus.shard_records import ShardWords, save_record
from embedkit.text.corpus.shards import (
    LOCAL_IDS,
    LOCAL_OFFSETS,
    save_array,
    shard_file,
    shard_sha256,
)
from embedkit.text.corpus.word_table import UNKNOWN
from embedkit.text.packed_words import PackedWords
from embedkit.text.tokenization.numbered import NumberedWords

LINES = "lines"  # the kind of the file that tells which line each document of a shard was
RANKS = "ranks.npy"
MAX_WORD = 1 << 20  # characters of a word
_LOST_FIRST, _LOST_LAST = -2, -3  # in place of the line of a document that has no word left


class FinishedShard(NamedTuple):
    """A shard with its final ids; `lines` are those of its first and its last document, if it has any."""

    words: int
    documents: int
    lines: tuple[int, ...]
    sha256: str


def write_shard(
    numbered: NumberedWords,
    folder: Path,
    number: int,
    replaced: int = 0,
    key: str | None = None,
    keep_lines: bool = False,
) -> ShardWords:
    """Write numbered words, of which each line is a document, and tell which words they are.

    With a `key`, the text and the recipe that they come from, the shard is recorded as finished. If they are
    to be kept, the numbers of the lines are written, too.
    """
    words = numbered.words if isinstance(numbered.words, PackedWords) else PackedWords.of(numbered.words)
    _check_lengths(words)
    save_array(shard_file(folder, number, LOCAL_IDS), numbered.ids)
    save_array(shard_file(folder, number, LOCAL_OFFSETS), numbered.offsets)
    if keep_lines:
        save_array(shard_file(folder, number, LINES), numbered.lines.astype(np.int64))
    lines = numbered.lines.tolist()
    shard = ShardWords(words, numbered.counts, len(lines), (*lines[:1], *lines[-1:]), replaced)
    if key is not None:
        save_record(folder, number, key, shard, numbered.ids, numbered.offsets)
    return shard


def finish_shard(task: tuple[Path, int, tuple[int, ...]]) -> FinishedShard:
    """Turn a shard's local numbers into ids of the vocabulary; words that are not in it leave the documents.

    A task is (folder, number of the shard, the lines of its first and its last document).
    """
    folder, number, lines = task
    ranks = np.load(folder / RANKS, mmap_mode="r")
    numbers, local, offsets = (
        np.load(shard_file(folder, number, kind)) for kind in ("words", LOCAL_IDS, LOCAL_OFFSETS)
    )
    known = np.where(numbers == UNKNOWN, np.int32(UNKNOWN), ranks[numbers])
    ids = np.take(known, local)
    if known.min(initial=0) == UNKNOWN:
        ids, offsets, lines = _without_unknown(ids, offsets, lines)
    save_array(shard_file(folder, number, "ids"), ids)
    save_array(shard_file(folder, number, "offsets"), offsets)
    return FinishedShard(len(ids), len(offsets) - 1, lines, shard_sha256(ids, offsets))


def _without_unknown(
    ids: Ints1d, offsets: Longs1d, lines: tuple[int, ...]
) -> tuple[Ints1d, Longs1d, tuple[int, ...]]:
    """A shard without unknown words, and without the documents that hold no other."""
    known = ids != UNKNOWN
    ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(known)])[offsets]
    left = np.diff(ends) > 0
    if not left.any():
        return ids[:0], offsets[:1], ()
    first = lines[0] if left[0] else _LOST_FIRST
    last = lines[1] if left[-1] else _LOST_LAST
    return ids[known], np.concatenate([ends[:1], ends[1:][left]]), (first, last)


def _check_lengths(words: PackedWords) -> None:
    """Raise `InputError` for a word that is too long to be one."""
    if words.lengths.max(initial=0) <= MAX_WORD:  # there are no more characters than bytes
        return
    longest = max(words, key=len, default="")
    if len(longest) > MAX_WORD:
        raise InputError(
            f"expected words of at most {MAX_WORD:,} characters, got one of {len(longest):,}, which begins "
            f"with {longest[:40]!r}; is this text, with blanks between words?"
        )

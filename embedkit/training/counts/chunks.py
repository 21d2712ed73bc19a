"""Chunks of a corpus that fit into memory: known words only, ready for counting."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.manifest import Manifest
from embedkit.text.corpus.shards import shard_file
from embedkit.text.corpus.validation import check_ids, check_offsets
from embedkit.training.kernels.cooccurrence import SEPARATOR, append_known


class CorpusChunk(NamedTuple):
    """A part of a text.

    `words` are ids, with SEPARATOR before, between and behind documents. The positions [begin, end) are this
    chunk's; around them stand up to `window` more words of their documents, that other chunks count.
    """

    words: Ints1d
    begin: int
    end: int
    last: bool


def chunks(corpus: Corpus, size: int, window: int, positions: int) -> Iterator[CorpusChunk]:
    """The words of a corpus with ids below `size`, in chunks of at most so many positions.

    All chunks are in the same array, one after the other.
    """
    room = np.empty(min(positions, corpus.words + corpus.documents + 4 * window + 64), np.int32)
    room[0] = SEPARATOR
    begin, length = 1, 1
    for continues, ids, offsets in _shards(corpus):
        position = 0
        while True:
            position, length = append_known(ids, offsets, position, size, continues, room, length)
            if position == len(ids):
                break
            yield CorpusChunk(room, begin, length - window, last=False)
            room[: 2 * window] = room[length - 2 * window : length]
            begin, length = window, 2 * window
    room[length] = SEPARATOR
    yield CorpusChunk(room, begin, length, last=True)


def _shards(corpus: Corpus) -> Iterator[tuple[bool, Ints1d, Longs1d]]:
    """Whether each shard goes on with the document before it, its ids and its offsets.

    All are mapped at once, so that they stay what they are if the corpus is replaced; but each is read,
    checked and let go in its turn, so that no more than one takes up memory.
    """
    path, size = corpus.path, len(corpus.vocabulary)
    waiting = deque(enumerate(zip(Manifest.load(path).shards, corpus.shards(), strict=True)))
    while waiting:
        number, (entry, shard) = waiting.popleft()
        check_ids(shard_file(path, number, "ids"), shard.ids, entry.words, size)
        check_offsets(shard_file(path, number, "offsets"), shard.offsets, entry.documents, entry.words)
        yield entry.continues, np.asarray(shard.ids), np.asarray(shard.offsets)

"""Chunks of a corpus that fit into memory: known words only, ready for counting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Ints1d
from embedkit.text.corpus.corpus import Corpus
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
    for entry, shard in corpus.checked_shards():
        ids, offsets = np.asarray(shard.ids), np.asarray(shard.offsets)
        position = 0
        while True:
            position, length = append_known(ids, offsets, position, size, entry.continues, room, length)
            if position == len(ids):
                break
            yield CorpusChunk(room, begin, length - window, last=False)
            room[: 2 * window] = room[length - 2 * window : length]
            begin, length = window, 2 * window
    room[length] = SEPARATOR
    yield CorpusChunk(room, begin, length, last=True)

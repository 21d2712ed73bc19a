"""`JoinedText`: the text of a corpus with phrases joined as it is read, without writing it anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.parallel.mapping import map_in_order
from embedkit.progress import Progress
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.phrases.joining import PhraseTrie


class TextPiece(NamedTuple):
    """Some documents of a text; the first may go on with the last of the piece before."""

    ids: Ints1d
    offsets: Longs1d
    continues: bool


class JoinedText:
    """A corpus to read again and again; words keep their ids, and phrases have those behind.

    Args:
        corpus: the corpus; all its shards are checked here, and are mapped from now on.
        pool: threads that join phrases ahead of what is read.
        progress: told how much of the text was read.

    Attributes:
        phrases: the words of each phrase, in the order of their ids; none at first.
        counts: how often each word and phrase occurs; of a joined text once it was read.
    """

    def __init__(self, corpus: Corpus, pool: Executor, progress: Progress) -> None:
        self._pieces = [
            TextPiece(shard.ids, shard.offsets, entry.continues) for entry, shard in corpus.checked_shards()
        ]
        self._words, self._pool, self._progress = corpus.vocabulary.words, pool, progress
        self._trie: PhraseTrie | None = None
        self.phrases: list[tuple[str, ...]] = []
        counts = corpus.vocabulary.counts
        assert counts is not None  # noqa: S101 - a corpus counts its words
        self.counts: Longs1d = counts

    def join(self, phrases: Sequence[tuple[str, ...]]) -> None:
        """Join further phrases from now on; a phrase that crosses the end of a shard is not joined."""
        self.phrases += phrases
        self._trie = PhraseTrie(self.phrases)
        self.counts = np.zeros(0, np.int64)

    def parts(self, token: int) -> tuple[str, ...]:
        """The words that an id stands for: one, or those of a phrase."""
        behind = token - len(self._words)
        return self.phrases[behind] if behind >= 0 else (self._words[token],)

    def read(self) -> Iterator[TextPiece]:
        """The pieces of the text, one after the other."""
        done = 0
        for piece, joined in zip(self._pieces, self._joined(), strict=True):
            yield joined
            done += len(piece.ids)
            self._progress.update(done)

    def _joined(self) -> Iterator[TextPiece]:
        if self._trie is None:
            yield from self._pieces
            return
        size, behind = len(self._words), len(self._words) + len(self.phrases)
        join = self._trie.joiner(self._words, np.arange(size, behind, dtype=np.int32))
        counts = np.zeros(behind, np.int64)

        def join_and_count(piece: TextPiece) -> tuple[TextPiece, Longs1d]:
            ids, offsets = join(piece.ids, piece.offsets)
            return TextPiece(ids, offsets, piece.continues), np.bincount(ids, minlength=behind)

        for piece, counted in map_in_order(self._pool, join_and_count, self._pieces, in_flight=2):
            counts += counted
            yield piece
        self.counts = counts

"""Pieces of work: whole documents, so that no two threads ever share the vector of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Longs1d

LARGEST, SMALLEST = 1 << 16, 1 << 10  # targets in a piece
PIECES = 64  # of a small corpus


class DocumentRange(NamedTuple):
    """The documents [begin, end) of a shard, by their numbers in it."""

    shard: int
    begin: int
    end: int


class DocumentPiece(NamedTuple):
    """Parts that one thread trains on, and how many targets they hold."""

    parts: list[DocumentRange]
    size: int


class Job(NamedTuple):
    """A piece in an epoch: the shares of the learning rates at its beginning and end, and its seed."""

    piece: DocumentPiece
    share: float
    last_share: float
    seed: tuple[int, ...]
    key: np.uint64

    def numbers(self, part: DocumentRange) -> Longs1d:
        """The documents of a part in random order."""
        random = np.random.default_rng((*self.seed, part.shard, part.begin))
        return part.begin + random.permutation(part.end - part.begin)


def pieces_of(
    offsets: Sequence[Longs1d], continues: Sequence[bool], size: int | None = None
) -> list[DocumentPiece]:
    """The documents of all shards in pieces, by the offsets of their targets.

    A piece has about `size` targets, by default as many as suit the number of all. Where a shard `continues`
    the last document of the one before, its first part belongs to the same piece.
    """
    if size is None:
        size = min(max(sum(int(own[-1]) for own in offsets) // PIECES, SMALLEST), LARGEST)
    pieces: list[DocumentPiece] = []
    for shard, own in enumerate(offsets):
        begin = 0
        while begin < len(own) - 1:
            end = max(begin + 1, int(np.searchsorted(own, own[begin] + size, "right")) - 1)
            part, held = DocumentRange(shard, begin, end), int(own[end] - own[begin])
            if begin == 0 and continues[shard] and pieces:
                parts, before = pieces.pop()
                pieces.append(DocumentPiece([*parts, part], before + held))
            else:
                pieces.append(DocumentPiece([part], held))
            begin = end
    return pieces


def jobs_of(
    pieces: Sequence[DocumentPiece], epoch: int, epochs: int, seed: int, final_share: float
) -> Iterator[Job]:
    """The pieces in random order, while learning rates fall linearly to `final_share` of themselves."""
    total = max(1, sum(piece.size for piece in pieces))
    key = np.random.SeedSequence((seed, epoch)).generate_state(1, np.uint64)[0]
    done = 0
    for number in np.random.default_rng((seed, epoch)).permutation(len(pieces)).tolist():
        piece = pieces[number]
        first, last = (
            1 + (final_share - 1) * (epoch + at / total) / epochs for at in (done, done + piece.size)
        )
        yield Job(piece, first, last, (seed, epoch), key)
        done += piece.size

"""Nonzeros of a co-occurrence matrix in blocks that fit the cache, for training without races.

The words are dealt to P parts: of every P words that follow each other in frequency each part gets one, so
that all parts hold as many nonzeros. A block has a part of the words for its rows and one of the contexts for
its columns. P blocks on a diagonal share no row of either matrix: threads work on them at once, and what
comes out depends on the order of the diagonals, not on the threads.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats1d, Longs1d
from embedkit.errors import InputError
from embedkit.files import FULL_DISK
from embedkit.parallel.mapping import map_as_completed
from embedkit.parallel.threads import threads
from embedkit.progress import Progress
from embedkit.training.counts.cooccurrences import Cooccurrences
from embedkit.training.temporary_files import reserve

CACHED = 1 << 20  # bytes of the rows of a part: they stay in the second-level cache
MIN_PARTS = 64  # as many threads find work, where every part has MIN_WORDS
MIN_WORDS = 16
ENTRY = 2 + 2 + 4  # bytes of a nonzero


@dataclass(frozen=True)
class Parts:
    """Which word is in which part.

    Attributes:
        count: the number of parts, P.
        size: the slots of a part.
        slots: the slot of each word, int64 (V,): slots `i * size` to `(i + 1) * size` are those of part i.
    """

    count: int
    size: int
    slots: Longs1d

    @classmethod
    def deal(cls, words: int, row_bytes: int, random: np.random.Generator) -> Parts:
        """Deal so many words, each with a row of so many bytes."""
        count = max(min(MIN_PARTS, words // MIN_WORDS), -(-words * row_bytes // CACHED), 1)
        size = -(-words // count)
        part = random.permuted(np.tile(np.arange(count), (size, 1)), axis=1)
        slots = part * size + random.permutation(size)[:, None]
        return cls(count, size, slots.ravel()[:words])

    def words(self, part: int) -> Longs1d:
        """The words of a part, by frequency."""
        return np.flatnonzero(self.slots // self.size == part)

    def columns(self, random: np.random.Generator) -> Longs1d:
        """The parts in the order in which an epoch goes through them as columns."""
        return random.permutation(self.count)

    def diagonal(self, columns: Longs1d, shift: int) -> Longs1d:
        """The numbers of P blocks, row * P + column, that share no row and no column."""
        return np.arange(self.count) * self.count + np.roll(columns, shift)


@dataclass(frozen=True)
class Blocks:
    """The nonzeros, block by block.

    Attributes:
        parts: the words of the blocks.
        offsets: where each block begins, int64 (P * P + 1,).
        word_ids: the slot of the word within its part, uint16 (N,).
        context_ids: the same of the context.
        logs: the logarithms of the counts, float32 (N,).
    """

    parts: Parts
    offsets: Longs1d
    word_ids: NDArray[np.uint16]
    context_ids: NDArray[np.uint16]
    logs: Floats1d

    @classmethod
    def build(
        cls, source: Cooccurrences, parts: Parts, seed: int, on_disk: bool, workers: int, progress: Progress
    ) -> Blocks:
        """Sort the nonzeros of `source` into blocks, in an order that is random but for parts and strips.

        With `on_disk` they go to a temporary file that nothing outlives.
        """
        from embedkit.training.kernels.blocks import count_part, fill_part

        matrix = np.asarray(source.offsets), np.asarray(source.columns)
        counts = np.asarray(source.counts)
        part_of = (parts.slots // parts.size).astype(np.int32)
        place_of = (parts.slots % parts.size).astype(np.uint16)
        totals = np.zeros((parts.count, parts.count), np.int64)
        members = [parts.words(part) for part in range(parts.count)]
        offsets = np.zeros(parts.count**2 + 1, np.int64)
        blocks = cls(parts, offsets, *_room(source.nonzeros, on_disk))
        key = np.random.SeedSequence((seed, 1)).generate_state(1, np.uint64)[0] >> np.uint64(1)

        def count(part: int) -> None:
            count_part(members[part], *matrix, part_of, totals[part])

        def fill(part: int) -> None:
            begins = offsets[part * parts.count : (part + 1) * parts.count + 1]
            fill_part(
                members[part], *matrix, counts, part_of, place_of, parts.size,
                key + np.uint64(part * parts.count), begins,
                blocks.word_ids, blocks.context_ids, blocks.logs,
            )  # fmt: skip

        progress.start("sorting into blocks", 2 * parts.count)
        with threads(workers) as pool:
            counted = map_as_completed(pool, count, range(parts.count), 2 * workers)
            for done, _ in enumerate(counted):
                progress.update(done)
            np.cumsum(totals, out=offsets[1:])
            filled = map_as_completed(pool, fill, range(parts.count), 2 * workers)
            for done, _ in enumerate(filled, parts.count):
                progress.update(done)
        progress.finish(f"{source.nonzeros:,} nonzeros in {parts.count} x {parts.count} blocks")
        return blocks

    @property
    def nonzeros(self) -> int:
        """How many there are."""
        return len(self.logs)


def _room(nonzeros: int, on_disk: bool) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Uninitialised arrays of word ids, context ids and logarithms, in memory or in an unnamed file."""
    shapes: tuple[Any, ...] = (np.uint16, np.uint16, np.float32)
    if not on_disk:
        first, second, third = (np.empty(nonzeros, dtype) for dtype in shapes)
        return first, second, third
    with tempfile.TemporaryFile(prefix="embedkit-") as stream:
        _allocate(stream, ENTRY * nonzeros)
        first, second, third = (
            np.memmap(stream, dtype, "r+", offset * nonzeros, nonzeros)
            for dtype, offset in zip(shapes, (4, 6, 0), strict=True)
        )
        return first, second, third


def _allocate(stream: IO[bytes], size: int) -> None:
    """Have room on disk for a file to be mapped."""
    try:
        reserve(stream, size)
    except OSError as error:
        if error.errno not in FULL_DISK:
            raise
        raise InputError(
            f"cannot write to {tempfile.gettempdir()}: {error.strerror}; training needs {size:,} bytes "
            "there, or more memory"
        ) from None

"""Spilling to disk: sorted runs of rows that are merged, for matrices that exceed memory.

A run is a whole matrix, counted over a part of the text. The runs follow each other in three files: columns
(int32), sums (int64), and for each run the number of the entry at which each of its rows begins and the last
one ends (int64). The files have no names, so they vanish with the process whatever ends it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.training.counts.row_workers import Accumulator, CountRows, RowRange, RowWorkers
from embedkit.training.kernels.cooccurrence import add_entries, merge_rows, take_row
from embedkit.training.temporary_files import PositionalReader


class Spill:
    """Runs in temporary files in `folder`; leaving the `with` block removes them.

    Attributes:
        runs: their number.
        entries: the number of entries of all.
    """

    def __init__(self, folder: Path, size: int) -> None:
        self.runs = self.entries = 0
        self._folder, self._size = folder, size
        self._totals = np.zeros(size, np.int64)  # entries of each row in all runs
        self._open = ExitStack()

    def __enter__(self) -> Self:
        def temporary() -> IO[bytes]:
            return self._open.enter_context(tempfile.TemporaryFile(dir=self._folder, buffering=0))

        self._columns, self._sums, self._starts = temporary(), temporary(), temporary()
        self._readers = {file: PositionalReader(file) for file in (self._columns, self._sums, self._starts)}
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, rows: Iterable[CountRows]) -> None:
        """Write a run."""
        starts = np.full(self._size + 1, self.entries, np.int64)
        row = 0
        for lengths, columns, sums in rows:
            _append(self._columns, columns)
            _append(self._sums, sums)
            starts[row + 1 : row + 1 + len(lengths)] = lengths
            row += len(lengths)
        np.cumsum(starts, out=starts)
        _append(self._starts, starts)
        self._totals += np.diff(starts)
        self.entries = int(starts[-1])
        self.runs += 1

    def merged(self, workers: RowWorkers) -> Iterator[CountRows]:
        """The rows of the sum of all runs."""
        for _, rows in workers.rows(self._merge, workers.pieces(self._totals)):
            yield rows

    def _merge(self, piece: RowRange, accumulator: Accumulator, room: CountRows) -> int:
        """Merge the rows of a piece; a row alone may have more entries in all runs than fit into memory."""
        if piece.last - piece.first == 1:
            return self._merge_row(piece, accumulator, room)
        starts = np.stack([self._starts_of(run, piece) for run in range(self.runs)])
        ends = np.cumsum(starts[:, -1] - starts[:, 0])
        columns, sums = np.empty(ends[-1], np.int32), np.empty(ends[-1], np.int64)
        bounds = starts - starts[:, :1]
        bounds[1:] += ends[:-1, np.newaxis]
        for run in range(self.runs):
            part = slice(bounds[run, 0], bounds[run, -1])
            self._read(starts[run, 0], columns[part], sums[part])
        return merge_rows(columns, sums, bounds, *accumulator, room.columns, room.sums, room.lengths)

    def _merge_row(self, piece: RowRange, accumulator: Accumulator, room: CountRows) -> int:
        count = 0
        for run in range(self.runs):
            first, last = self._starts_of(run, piece)
            columns, sums = np.empty(last - first, np.int32), np.empty(last - first, np.int64)
            self._read(first, columns, sums)
            count = add_entries(columns, sums, accumulator.sums, accumulator.touched, count)
        room.lengths[0] = take_row(*accumulator, count, room.columns, room.sums)
        return int(room.lengths[0])

    def _starts_of(self, run: int, piece: RowRange) -> Longs1d:
        """Where the rows of a piece begin in a run, and the last ends."""
        starts = np.empty(piece.last - piece.first + 1, np.int64)
        self._fill(self._starts, run * (self._size + 1) + piece.first, starts)
        return starts

    def _read(self, entry: int, columns: Ints1d, sums: Longs1d) -> None:
        self._fill(self._columns, entry, columns)
        self._fill(self._sums, entry, sums)

    def _fill(self, file: IO[bytes], index: int, numbers: NDArray[Any]) -> None:
        """Fill `numbers` from a file of numbers of their type, from number `index` on."""
        self._readers[file].fill(numbers.view(np.uint8).data, index * numbers.itemsize)


def _append(file: IO[bytes], numbers: NDArray[Any]) -> None:
    """Write all numbers: an unbuffered file may take a part at a time."""
    data = numbers.view(np.uint8).data
    while data:
        data = data[file.write(data) :]

"""Spilling to disk: sorted runs of rows that are merged, for matrices that exceed memory.

A run is a whole matrix, counted over a part of the text. The runs follow each other in three files: columns,
sums, and for each run the number of the entry at which each of its rows begins and the last one ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.saver import UNSAVED, Saver
from embedkit.training.counts.count_files import CountFiles
from embedkit.training.counts.row_workers import Accumulator, CountRows, RowRange, RowWorkers
from embedkit.training.kernels.cooccurrence import add_entries, merge_rows, take_row

TYPES = {"columns": np.int32, "sums": np.int64, "starts": np.int64}


class Spill:
    """Runs in temporary files in `folder`, or in those that the saver keeps, with the runs that it has.

    Attributes:
        runs: their number.
        entries: the number of entries of all.
    """

    def __init__(self, folder: Path, size: int, saver: Saver = UNSAVED) -> None:
        self.runs = self.entries = 0
        self._size, self._saver = size, saver
        self._files = CountFiles(TYPES, folder, saver)
        self._totals = np.zeros(size, np.int64)  # entries of each row in all runs
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self._files)
        self._go_on()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, rows: Iterable[CountRows]) -> None:
        """Write a run."""
        starts = np.full(self._size + 1, self.entries, np.int64)
        row = 0
        for lengths, columns, sums in rows:
            self._files.append("columns", columns)
            self._files.append("sums", sums)
            starts[row + 1 : row + 1 + len(lengths)] = lengths
            row += len(lengths)
        np.cumsum(starts, out=starts)
        self._files.append("starts", starts)
        self._totals += np.diff(starts)
        self.entries = int(starts[-1])
        self.runs += 1

    def save(self, done: float) -> None:
        """Save that the runs so far, which hold this part of the text, are whole."""
        state = {"runs": self.runs, "entries": self.entries, "checksums": self._files.checksums}
        self._saver.save(f"run {self.runs + 1}", done, state, {"totals": self._totals})

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
        first = run * (self._size + 1) + piece.first
        return self._files.read("starts", first, piece.last - piece.first + 1)

    def _read(self, entry: int, columns: Ints1d, sums: Longs1d) -> None:
        self._files.fill("columns", entry, columns)
        self._files.fill("sums", entry, sums)

    def _go_on(self) -> None:
        """Take over the runs that were saved, if their files hold them, and cut off what is behind them."""
        state = self._saver.restore({"totals": self._totals}) or {"runs": 0, "entries": 0, "checksums": {}}
        runs, entries = state["runs"], state["entries"]
        lengths = {"columns": entries, "sums": entries, "starts": runs * (self._size + 1)}
        if self._files.go_on(lengths, dict.fromkeys(TYPES, 0) | state["checksums"]):
            self.runs, self.entries = runs, entries
        else:
            self._saver.distrust("the counts are not those that were written")
            self._totals[:] = 0

"""Spilling to disk: sorted runs of rows that are merged, for matrices that exceed memory.

A run is a whole matrix, counted over a part of the text. The runs follow each other in three files: columns
(int32), sums (int64), and for each run the number of the entry at which each of its rows begins and the last
one ends (int64). The files have no names, so they vanish with the process whatever ends it; or they lie
beside a checkpoint, which tells how many runs are whole, and the checksums of the files up to there.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Ints1d, Longs1d
from embedkit.saver import UNSAVED, Saver
from embedkit.training.counts.row_workers import Accumulator, CountRows, RowRange, RowWorkers
from embedkit.training.kernels.cooccurrence import add_entries, merge_rows, take_row
from embedkit.training.temporary_files import PositionalReader

FILES = {"columns": 4, "sums": 8, "starts": 8}  # bytes of a number
CHUNK = 1 << 22  # bytes read at once


class Spill:
    """Runs in temporary files in `folder`, or in those that the saver keeps, with the runs that it has.

    Attributes:
        runs: their number.
        entries: the number of entries of all.
    """

    def __init__(self, folder: Path, size: int, saver: Saver = UNSAVED) -> None:
        self.runs = self.entries = 0
        self._folder, self._size, self._saver = folder, size, saver
        self._checksums = dict.fromkeys(FILES, 0)
        self._totals = np.zeros(size, np.int64)  # entries of each row in all runs
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._files = {name: self._open.enter_context(self._file(name)) for name in FILES}
        self._readers = {name: PositionalReader(file) for name, file in self._files.items()}
        self._go_on()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, rows: Iterable[CountRows]) -> None:
        """Write a run."""
        starts = np.full(self._size + 1, self.entries, np.int64)
        row = 0
        for lengths, columns, sums in rows:
            self._append("columns", columns)
            self._append("sums", sums)
            starts[row + 1 : row + 1 + len(lengths)] = lengths
            row += len(lengths)
        np.cumsum(starts, out=starts)
        self._append("starts", starts)
        self._totals += np.diff(starts)
        self.entries = int(starts[-1])
        self.runs += 1

    def save(self, done: float) -> None:
        """Save that the runs so far, which hold this part of the text, are whole."""
        state = {"runs": self.runs, "entries": self.entries, "checksums": self._checksums}
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
        starts = np.empty(piece.last - piece.first + 1, np.int64)
        self._fill("starts", run * (self._size + 1) + piece.first, starts)
        return starts

    def _read(self, entry: int, columns: Ints1d, sums: Longs1d) -> None:
        self._fill("columns", entry, columns)
        self._fill("sums", entry, sums)

    def _fill(self, name: str, index: int, numbers: NDArray[Any]) -> None:
        """Fill `numbers` from a file of numbers of their type, from number `index` on."""
        self._readers[name].fill(numbers.view(np.uint8).data, index * numbers.itemsize)

    def _append(self, name: str, numbers: NDArray[Any]) -> None:
        """Write all numbers: an unbuffered file may take a part at a time."""
        data = numbers.view(np.uint8).data
        self._checksums[name] = zlib.crc32(data, self._checksums[name])
        while data:
            data = data[self._files[name].write(data) :]

    def _file(self, name: str) -> IO[bytes]:
        if path := self._saver.beside(f".{name}"):
            return path.open("r+b" if path.exists() else "w+b", buffering=0)
        return tempfile.TemporaryFile(dir=self._folder, buffering=0)

    def _go_on(self) -> None:
        """Take over the runs that were saved, if their files hold them, and cut off what is behind them."""
        if state := self._saver.restore({"totals": self._totals}):
            if all(self._sum_of(name, state) == state["checksums"][name] for name in FILES):
                self.runs, self.entries, self._checksums = state["runs"], state["entries"], state["checksums"]
            else:
                self._saver.distrust("the counts are not those that were written")
                self._totals[:] = 0
        for name, file in self._files.items():
            file.seek(file.truncate(self._length(name, self.runs, self.entries)))

    def _length(self, name: str, runs: int, entries: int) -> int:
        """The bytes of a file of so many runs with so many entries."""
        return FILES[name] * (runs * (self._size + 1) if name == "starts" else entries)

    def _sum_of(self, name: str, state: Mapping[str, Any]) -> int:
        """The checksum of what a file should hold; of one that is shorter, of all of it."""
        file, left, checksum = self._files[name], self._length(name, state["runs"], state["entries"]), 0
        while chunk := file.read(min(left, CHUNK)):
            checksum, left = zlib.crc32(chunk, checksum), left - len(chunk)
        return checksum

"""Counting on a cluster: each task is some rows of the matrix, counted over the whole corpus.

Workers share nothing and nothing is merged: rows come out whole and in order, as on one machine, and sums are
integers. Each task reads the ids of the corpus, which a shared file system serves, and sends its rows.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Generator, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, Self

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.cluster.cluster import Cluster
from embedkit.progress import SILENT, Progress
from embedkit.saver import UNSAVED, Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.text.corpus.corpus_place import CorpusPlace
from embedkit.training.counts.count_files import CountFiles
from embedkit.training.counts.counting import count_corpus
from embedkit.training.counts.memory import Plan, parse_memory
from embedkit.training.counts.row_workers import CountRows, RowRange, RowWorkers
from embedkit.training.counts.weighting import Weighting

TASKS = 4  # a worker: all end at about the same time
SENT = 4 + 8  # bytes of an entry that travels
TYPES = {"lengths": np.int64, "columns": np.int32, "sums": np.int64}
AT_ONCE = 16  # rows that were kept


class CountTask(NamedTuple):
    """Rows of the matrix of the first `size` words of a corpus."""

    corpus: CorpusPlace
    size: int
    weighting: Weighting
    memory: int
    rows: RowRange


def count_on_cluster(
    corpus: Corpus,
    size: int,
    weighting: Weighting,
    memory: str | int,
    cluster: Cluster,
    progress: Progress,
    folder: Path,
    saver: Saver = UNSAVED,
) -> Generator[CountRows, None, None]:
    """All rows of the matrix of the first `size` words, in order, as `count_corpus` gives them.

    The memory is that of each machine, for all its workers together. Rows that are there are kept beside a
    checkpoint, from which counting goes on, with any number of workers.

    Raises:
        InputError: a machine does not see the corpus; too little memory.
    """
    place = CorpusPlace.of(corpus)
    place.check_on(cluster)
    share = parse_memory(memory) // max(Counter(cluster.hosts).values())
    Plan.of(share, size, weighting.window, workers=1)  # raises for too little here, not there
    frequencies = np.asarray(corpus.vocabulary.counts)[:size]
    progress.start("counting", int(frequencies.sum()))
    with KeptRows(folder, saver) as kept:
        yield from kept.rows()
        ranges = row_ranges(frequencies, weighting, TASKS * cluster.workers, share // SENT)
        counted = np.cumsum(frequencies)  # with the rows up to each
        left = [RowRange(max(first, kept.count), last) for first, last in ranges if last > kept.count]
        tasks = [CountTask(place, size, weighting, share, rows) for rows in left]
        for task, rows in zip(tasks, cluster.map(count_task, tasks), strict=True):
            yield rows
            done = int(counted[task.rows.last - 1])
            progress.update(done, f"{cluster.workers} workers")
            kept.add(rows, done / int(counted[-1]))


class KeptRows:
    """Rows that are counted, in files beside a checkpoint; without one none are kept.

    Attributes:
        count: how many rows an earlier run of the program has left, and this one added.
    """

    def __init__(self, folder: Path, saver: Saver) -> None:
        self.count = self._entries = 0
        self._saver = saver
        self._files = CountFiles(TYPES, folder, saver)

    def __enter__(self) -> Self:
        self._files.__enter__()
        if self._files.lasting:
            self._go_on()
        return self

    def __exit__(self, *_: object) -> None:
        self._files.__exit__()

    def rows(self) -> Iterator[CountRows]:
        """The rows that an earlier run has left."""
        entry = 0
        for first in range(0, self.count, AT_ONCE):
            lengths = self._files.read("lengths", first, min(AT_ONCE, self.count - first))
            columns, sums = (self._files.read(name, entry, lengths.sum()) for name in ("columns", "sums"))
            entry += len(columns)
            yield CountRows(lengths, columns, sums)

    def add(self, rows: CountRows, done: float) -> None:
        """Keep the rows that follow, with which this part of all is done."""
        if not self._files.lasting:
            return
        for name in TYPES:
            self._files.append(name, getattr(rows, name))
        self.count += len(rows.lengths)
        self._entries += len(rows.columns)
        state = {"rows": self.count, "entries": self._entries, "checksums": self._files.checksums}
        self._saver.save(f"row {self.count + 1:,}", done, state, {})

    def _go_on(self) -> None:
        state = self._saver.restore({}) or {"rows": 0, "entries": 0, "checksums": {}}
        lengths = {"lengths": state["rows"], "columns": state["entries"], "sums": state["entries"]}
        if self._files.go_on(lengths, dict.fromkeys(TYPES, 0) | state["checksums"]):
            self.count, self._entries = state["rows"], state["entries"]
        else:
            self._saver.distrust("the counts are not those that were written")


def row_ranges(frequencies: Longs1d, weighting: Weighting, tasks: int, entries: int) -> list[RowRange]:
    """All rows in ranges of about equal work, `tasks` of them, or more where one would exceed `entries`."""
    neighbors = frequencies * weighting.window * (1 + weighting.symmetric)
    work = np.cumsum(neighbors)
    most = np.cumsum(np.minimum(neighbors, len(frequencies)))
    ranges, first, done, made = [], 0, 0, 0
    while first < len(frequencies):
        last = min(
            int(np.searchsorted(work, done + work[-1] / tasks, side="right")),
            int(np.searchsorted(most, made + entries, side="right")),
        )
        ranges.append(RowRange(first, max(last, first + 1)))
        first = ranges[-1].last
        done, made = int(work[first - 1]), int(most[first - 1])
    return ranges


def count_task(task: CountTask) -> CountRows:
    """In a worker: count some rows."""
    plan = Plan.of(task.memory, task.size, task.weighting.window, workers=1)
    folder = Path(tempfile.gettempdir())
    with RowWorkers(task.size, plan) as workers:
        counted = count_corpus(_opened(task.corpus), task.weighting, workers, folder, SILENT, rows=task.rows)
        parts = [(lengths.copy(), columns.copy(), sums.copy()) for lengths, columns, sums in counted]
    lengths, columns, sums = zip(*parts, strict=True)
    return CountRows(np.concatenate(lengths), np.concatenate(columns), np.concatenate(sums))


@lru_cache(maxsize=1)
def _opened(place: CorpusPlace) -> Corpus:
    """The corpus of the tasks of a worker, whose vocabulary is read once."""
    return place.open()

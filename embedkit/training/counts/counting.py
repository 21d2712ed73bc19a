"""Counting co-occurrences in bounded memory: chunk by chunk, with runs on disk if need be."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np

from embedkit.arrays import Ints1d, Longs1d
from embedkit.progress import Progress
from embedkit.saver import UNSAVED, Saver
from embedkit.text.corpus.corpus import Corpus
from embedkit.training.counts.chunks import CorpusChunk, chunks
from embedkit.training.counts.row_workers import Accumulator, CountRows, RowRange, RowWorkers
from embedkit.training.counts.spilling import Spill
from embedkit.training.counts.weighting import Weighting
from embedkit.training.kernels.cooccurrence import count_rows, count_words, place_words

_SLACK = 64  # entries behind the index, which the kernel may read


def count_corpus(
    corpus: Corpus,
    weighting: Weighting,
    workers: RowWorkers,
    folder: Path,
    progress: Progress,
    rows: RowRange | None = None,
    saver: Saver = UNSAVED,
) -> Generator[CountRows, None, None]:
    """Rows of the matrix of the first `workers.size` words, in order, in integer units of `weighting`.

    All of them, or those of a range. Those of one step are good until the next are asked for. Text that does
    not fit into memory is counted in chunks, and the rows of each chunk are kept in files in `folder` that
    have no names, or beside a checkpoint, from which counting goes on.
    """
    progress.start("counting", corpus.words)
    counted = 0
    wanted = rows or RowRange(0, workers.size)

    def report(words: int) -> None:
        nonlocal counted
        counted += words
        progress.update(counted)

    with Spill(folder, wanted.last - wanted.first, saver) as spill:
        cut = chunks(corpus, workers.size, weighting.window, workers.plan.positions)
        for number, chunk in enumerate(cut):
            if number < spill.runs:  # by an earlier run of the program
                counted += chunk.end - chunk.begin
                continue
            made = _count_chunk(chunk, weighting, workers, wanted, report)
            if not (chunk.last and spill.runs == 0):
                spill.add(made)
                spill.save(counted / corpus.words)
        if spill.runs:
            del chunk
            progress.note(f"merging {spill.runs} runs of {spill.entries:,} counts, which did not fit memory")
            made = spill.merged(workers)
        yield from made


def _count_chunk(
    chunk: CorpusChunk,
    weighting: Weighting,
    workers: RowWorkers,
    wanted: RowRange,
    report: Callable[[int], None],
) -> Iterator[CountRows]:
    """Rows of a chunk."""
    starts, positions = _index(chunk, workers, wanted)

    def work(piece: RowRange, accumulator: Accumulator, room: CountRows) -> int:
        return count_rows(
            chunk.words, positions, starts, wanted.first + piece.first, wanted.first + piece.last,
            weighting.values, weighting.symmetric, *accumulator, room.columns, room.sums, room.lengths,
        )  # fmt: skip

    neighbors = weighting.window * (1 + weighting.symmetric)
    own = starts[wanted.first : wanted.last + 1]
    pieces = workers.pieces(np.minimum(neighbors * np.diff(own), workers.size))
    for piece, rows in workers.rows(work, pieces):
        yield rows
        report(int(own[piece.last] - own[piece.first]))


def _index(chunk: CorpusChunk, workers: RowWorkers, wanted: RowRange) -> tuple[Longs1d, Ints1d]:
    """Where each word that is wanted stands in a chunk: word i at `positions[starts[i]:starts[i + 1]]`."""
    count = workers.plan.workers
    bounds = np.linspace(chunk.begin, chunk.end, count + 1).astype(np.int64)
    places = np.zeros((count, workers.size), np.int64)
    workers.each(lambda i: count_words(chunk.words, bounds[i], bounds[i + 1], *wanted, places[i]))
    starts = np.zeros(workers.size + 1, np.int64)
    np.cumsum(places.sum(0), out=starts[1:])
    positions = np.empty(starts[-1] + _SLACK, np.int32)
    before = starts[:-1].copy()
    for own in places:  # from how often a part has a word to where its first one goes
        own[:], before = before, before + own
    workers.each(lambda i: place_words(chunk.words, bounds[i], bounds[i + 1], *wanted, places[i], positions))
    return starts, positions

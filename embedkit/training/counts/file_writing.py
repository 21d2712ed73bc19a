"""Writing co-occurrence counts row by row, in bounded memory.

How many there are is known only when the last is written. So the header is given room for the longest that
can be and filled in at the end, and counts wait in a temporary file without a name until all columns stand.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.container.checked import SUMS, checksum_text, json_text
from embedkit.container.packed_words import pack_words
from embedkit.text.vocabulary import Vocabulary
from embedkit.training.counts.file_layout import DTYPES, KEY, MAX_ENTRIES, VERSION, Layout
from embedkit.training.counts.row_workers import CountRows
from embedkit.training.kernels.cooccurrence import divide

_COPIED = 1 << 22  # bytes at a time


def write_counts(
    stream: IO[bytes],
    folder: Path,
    vocabulary: Vocabulary,
    recipe: Mapping[str, Any],
    rows: Iterable[CountRows],
    unit: int,
) -> Layout:
    """Write a file of counts to `stream`: sums of `rows` divided by `unit`, rounded to float32.

    A temporary file in `folder` takes up as much as the counts.
    """
    text = json_text({"version": VERSION, "recipe": recipe})
    words = pack_words(vocabulary.words)

    def header(layout: Layout, sums: Mapping[str, int]) -> bytes:
        figures = {name: checksum_text(sums.get(name, 0)) for name in ("recipe", *DTYPES)}
        return layout.header({KEY: text, SUMS: json.dumps(figures)}, layout.begin)

    begin = len(header(Layout.of(len(vocabulary), MAX_ENTRIES, len(words)), {}))
    layout = Layout.of(len(vocabulary), 0, len(words), begin)
    with tempfile.TemporaryFile(dir=folder) as waiting:
        stream.seek(layout.place("columns"))
        offsets, sums = _write_matrix(rows, unit, len(vocabulary), stream, waiting)
        waiting.seek(0)
        shutil.copyfileobj(waiting, stream, _COPIED)
    stream.write(words.data)
    layout = Layout.of(len(vocabulary), int(offsets[-1]), len(words), begin)
    small = {"offsets": offsets, "word_counts": vocabulary.counts, "words": words}
    sums |= {name: zlib.crc32(np.ascontiguousarray(tensor).data) for name, tensor in small.items()}
    sums["recipe"] = zlib.crc32(text.encode())
    stream.seek(0)
    stream.write(header(layout, sums))
    stream.write(offsets.data)
    stream.write(np.ascontiguousarray(vocabulary.counts).data)
    stream.flush()
    return layout


def _write_matrix(
    rows: Iterable[CountRows], unit: int, size: int, columns: IO[bytes], counts: IO[bytes]
) -> tuple[Longs1d, dict[str, int]]:
    """Write columns and counts to a file each; returns where rows begin, and the CRC-32 of both."""
    offsets = np.zeros(size + 1, np.int64)
    quotients = np.empty(0, np.float32)
    row = 0
    sums = {"columns": 0, "counts": 0}
    for lengths, own_columns, own_sums in rows:
        if len(quotients) < len(own_sums):
            quotients = np.empty(2 * len(own_sums), np.float32)
        own_counts = quotients[: len(own_sums)]
        divide(own_sums, unit, own_counts)
        for name, file, part in (("columns", columns, own_columns), ("counts", counts, own_counts)):
            sums[name] = zlib.crc32(part.data, sums[name])
            file.write(part.data)
        offsets[row + 1 : row + 1 + len(lengths)] = lengths
        row += len(lengths)
    np.cumsum(offsets, out=offsets)
    return offsets, sums

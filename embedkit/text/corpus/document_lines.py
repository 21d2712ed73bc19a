"""`DocumentLines`: which line of which source each document of a corpus was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.text.corpus.encoding import LINES
from embedkit.text.reading.blocks import TextBlock


class DocumentLines:
    """The lines of the documents of a corpus in the making, counted from 0 over all sources.

    Lines without a word are no documents. Of a corpus of sentences, lines are those of sentences.

    Attributes:
        lines: of each document, ascending, (documents,).
        begins: the line with which each source begins.
        names: of the sources.
    """

    def __init__(self) -> None:
        self.lines: Longs1d = np.zeros(0, np.int64)
        self.begins: list[int] = []
        self.names: list[str] = []

    def noted(self, blocks: Iterable[TextBlock]) -> Iterator[TextBlock]:
        """The blocks that are read, while it is noted where sources begin."""
        for block in blocks:
            for line, name in block.first_lines().items():
                self.begins.append(block.line + line)
                self.names.append(name)
            yield block

    def take(self, folder: Path) -> None:
        """Read, and remove, what the shards in a folder tell of their lines."""
        files = sorted(folder.glob(f"*.{LINES}.npy"))
        lines = np.concatenate([self.lines, *map(np.load, files)])
        self.lines = lines[np.diff(lines, prepend=-1) > 0]  # a line in two shards is one document
        for file in files:
            file.unlink()

    def places(self) -> tuple[Longs1d, Longs1d]:
        """Which source each document stands in, and the number of its line there, from 1 on."""
        begins = np.array(self.begins, np.int64)
        sources = np.searchsorted(begins, self.lines, side="right") - 1
        return sources, self.lines - begins[sources] + 1

"""`GraphIndex`: approximate search in a graph of neighbors, by the library usearch."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Floats2d, Longs2d
from embedkit.container.quantization import quantize
from embedkit.errors import DependencyError, FormatError
from embedkit.parallel.threads import threads
from embedkit.progress import SILENT, Progress
from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.approximate import IndexParameters
from embedkit.vectors.search.exact import slices

DTYPES = {"float32": "f32", "float16": "f16", "int8": "i8"}  # of rows -> of usearch
CHUNK = 2000  # rows added between two reports, and between two chances to interrupt


class GraphIndex:
    """A `SearchIndex` of usearch: hierarchical navigable small worlds (Malkov and Yashunin 2018).

    Rows go in at length 1; in int8 each with a scale of its own, which leaves its direction as exact as 8
    bits allow.

    Raises:
        DependencyError: usearch is not installed.
    """

    def __init__(self, parameters: IndexParameters) -> None:
        self.parameters = parameters
        self._index = _empty(1, parameters)
        self._content: memoryview | None = None  # what the index reads, which it does not keep alive itself

    def __len__(self) -> int:
        return len(self._index)

    @property
    def vector_size(self) -> int:
        """The number of dimensions D."""
        return int(self._index.ndim)

    def build(self, rows: StoredRows, progress: Progress = SILENT) -> None:
        """Take in all rows but zero ones."""
        index, workers = _empty(rows.vector_size, self.parameters), self.parameters.workers or 0
        progress.start("indexing", len(rows))
        with threads(1) as apart:  # usearch takes Ctrl-C in the main thread for an error of its own
            for some in slices(len(rows), CHUNK):
                ids = some.start + np.flatnonzero(rows.norms[some])
                if len(ids):
                    apart.submit(index.add, ids, self._numbers(rows.take(ids)), threads=workers).result()
                progress.update(some.stop)
        self._index = index
        progress.finish(f"{len(self._index):,} words")

    def query(self, targets: Floats2d, count: int) -> Longs2d:
        """The numbers of `count` rows that are probably near each of `targets` (Q, D), or -1."""
        found = np.full((len(targets), count), -1)
        if not len(targets) or not len(self._index):
            return found
        one, numbers = len(targets) == 1, self._numbers(targets)
        if one:
            matches = self._index.search(numbers, count, threads=1)
        else:
            with threads(1) as apart:
                matches = apart.submit(self._index.search, numbers, count).result()
        keys = np.atleast_2d(matches.keys)
        counts = [keys.shape[1]] if one else matches.counts
        for answers, given, number in zip(found, keys, counts, strict=True):
            answers[:number] = given[:number]
        return found

    def to_bytes(self) -> Bytes1d:
        """The graph and its rows as usearch keeps them."""
        return np.frombuffer(self._index.save(), np.uint8)

    @classmethod
    def of_bytes(cls, content: Bytes1d, parameters: IndexParameters, count: int, size: int) -> GraphIndex:
        """An index of `count` rows of `size` numbers that reads `content`, which may be mapped.

        The content has to be what `to_bytes` gave: usearch does not check it.

        Raises:
            FormatError: it begins otherwise than such an index.
        """
        loaded = cls(parameters)
        told = _told(content)
        if told is None or (told["dimensions"], told["count_present"]) != (size, count):
            raise FormatError(f"expected a graph of {count:,} words of {size} numbers, got {told}")
        loaded._index = _empty(size, parameters)
        # usearch reads it for as long as the index lives, and does not hold it
        loaded._content = content.data
        loaded._index.view(loaded._content)
        loaded._index.expansion_search = parameters.expansion_search
        return loaded

    def _numbers(self, rows: Floats2d) -> NDArray[Any]:
        """Rows (n, D) in the type of the index, at length 1 or, in int8, as long as 8 bits allow."""
        unit = unit_vectors(rows)
        return quantize(unit)[0] if self.parameters.dtype == "int8" else unit.astype(self.parameters.dtype)


def _told(content: Bytes1d) -> dict[str, Any] | None:
    """What the first bytes of an index tell; None if they are of none."""
    from usearch.index import Index

    try:
        told: dict[str, Any] | None = Index.metadata(content.data)
    except (RuntimeError, ValueError):
        return None
    return told


def _empty(size: int, parameters: IndexParameters) -> Any:
    try:
        from usearch.index import Index
    except ImportError as error:
        raise DependencyError("approximate search needs usearch: pip install 'embedkit[search]'") from error
    return Index(
        ndim=size,
        metric="cos",
        dtype=DTYPES[parameters.dtype],
        connectivity=parameters.connectivity,
        expansion_add=parameters.expansion_add,
        expansion_search=parameters.expansion_search,
    )

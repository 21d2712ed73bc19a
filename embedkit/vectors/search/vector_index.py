"""`VectorIndex`: an approximate index of vectors with its measured recall, and its file.

The index proposes rows, and these are compared exactly, so its scores are those of the exact search. Its
recall is measured when it is built: the share of the ten nearest that it finds, of words drawn from the
vectors, each left out itself.

A file is one of `embedkit.container.checked`: a tensor with the bytes of the graph, and metadata that tell
the parameters, the recall and the fingerprint of the vectors. All of it is compared with checksums before it
is used, as usearch believes what it reads; then it is mapped, and shared by all processes that use it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Bytes1d, Longs1d, Longs2d
from embedkit.container.checked import SUMS, checksums, json_text, open_tensors, verify, write_tensors
from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file
from embedkit.hyperparameters import check_count
from embedkit.progress import SILENT, Progress
from embedkit.statistics.shares import graded
from embedkit.text.vocabulary import Vocabulary
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.approximate import IndexParameters, best_proposals
from embedkit.vectors.search.exact import TopRows
from embedkit.vectors.search.graph_index import GraphIndex
from embedkit.vectors.search.nearest import nearest, with_shared

KEY, VERSION, GRAPH = "embedkit.index", 1, "graph"
MANY = 1000  # rows that answer no target; for more, the graph would have to propose too many
DEPTH = 10  # answers of which the recall is told
SAMPLED = 1024  # rows that stand in the fingerprint
TOLERANCE = np.float32(1e-6)  # by which sums of the same products in another order differ
MAKE_AGAIN = "make it again with `embedkit index`"


class Indexed(Protocol):
    """What can be indexed: `Embeddings`."""

    @property
    def stored(self) -> StoredRows:
        """The rows, known to be finite."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Their words."""


class Recall(NamedTuple):
    """The share of the ten nearest words that is found, with its 95 % interval, over so many queries."""

    value: float
    low: float
    high: float
    queries: int


@dataclass(frozen=True, eq=False)
class VectorIndex:
    """An approximate index of the vectors of words, for questions that an exact search answers too slowly.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load().subset(2000)
        >>> index = VectorIndex.build(vectors)
        >>> index.recall.value > 0.95
        True
        >>> vectors.with_index(index).neighbors("king", top=1)[0].word
        'prince'
    """

    graph: GraphIndex
    fingerprint: str
    recall: Recall

    @classmethod
    def build(
        cls,
        vectors: Indexed,
        parameters: IndexParameters | None = None,
        *,
        recall_queries: int = 1000,
        seed: int = 1,
        progress: Progress = SILENT,
    ) -> Self:
        """Index all vectors, and measure what the index finds.

        Args:
            vectors: the vectors.
            parameters: of the index; None for the defaults.
            recall_queries: how many words are drawn to measure the recall on; all if there are fewer.
            seed: random seed of the draw.
            progress: receives reports.

        Raises:
            DependencyError: usearch is not installed.
            InputError: fewer than two words with a direction.
        """
        check_count("recall_queries", recall_queries)
        rows = vectors.stored
        directed = np.flatnonzero(rows.norms)
        if len(directed) < 2:
            raise InputError(f"expected at least 2 vectors that are not zero, got {len(directed)}")
        graph = GraphIndex(parameters or IndexParameters())
        graph.build(rows, progress)
        drawn = np.random.default_rng(seed).permutation(directed)[:recall_queries]
        return cls(graph, _fingerprint(rows, vectors.vocabulary.words), _recall(graph, rows, drawn))

    def check(self, rows: StoredRows, words: Sequence[str]) -> None:
        """Raise `InputError` unless this is an index of these vectors, by their fingerprint."""
        if _fingerprint(rows, words) != self.fingerprint:
            raise InputError(
                f"the index is one of other vectors: of other words, numbers or types; {MAKE_AGAIN}"
            )

    def nearest(
        self,
        rows: StoredRows,
        targets: NDArray[np.floating],
        k: int,
        excluded: Longs2d | None = None,
        candidates: int | Longs1d | None = None,
        exclude: Longs1d | None = None,
    ) -> TopRows:
        """Probably the `k` rows of largest cosine with each of `targets` (Q, D), as `nearest` finds them.

        If only some rows are `candidates`, or more than `MANY` rows answer no target, all that may answer are
        searched exactly, as the graph leads through all rows.
        """
        check_count("top", k)
        if candidates is not None or (exclude is not None and len(exclude) > MANY):
            return nearest(rows, targets, k, excluded, candidates, exclude)
        if exclude is not None and len(exclude):
            own = np.empty((len(targets), 0), np.int64) if excluded is None else excluded
            excluded = with_shared(own, exclude)
        return best_proposals(self.graph, self.graph.parameters.expansion_search, rows, targets, k, excluded)

    def save(self, path: str | Path) -> None:
        """Write the index to `path`, which is replaced only once everything is written."""
        graph = self.graph.to_bytes()
        header = {
            "version": VERSION,
            "parameters": asdict(self.graph.parameters),
            "fingerprint": self.fingerprint,
            "recall": self.recall._asdict(),
            "words": len(self.graph),
            "vector_size": self.graph.vector_size,
        }
        summed = {**header, SUMS: checksums(_parts(header, graph))}
        with atomic_file(Path(path)) as stream:
            write_tensors(stream, {GRAPH: graph}, {KEY: json_text(summed)})

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Map an index that `save` wrote, once all of it is compared with its checksums.

        Raises:
            FormatError: the file is damaged, of another version or no index.
            DependencyError: usearch is not installed.
        """
        header, graph = read_index(Path(path))
        try:
            parameters = IndexParameters(**header["parameters"])
            return cls(
                GraphIndex.of_bytes(graph, parameters, header["words"], header["vector_size"]),
                header["fingerprint"],
                Recall(**header["recall"]),
            )
        except (LookupError, TypeError, InputError) as error:
            raise FormatError(f"{path}: expected what tells of an index, got {error}; {MAKE_AGAIN}") from None


def read_index(path: Path) -> tuple[dict[str, Any], Bytes1d]:
    """The header of a file and the bytes of its graph, mapped; both are what their checksums say.

    Raises:
        FormatError: the file is damaged, of another version or no index.
    """
    try:
        file = open_tensors(path)
        if KEY not in file.metadata:
            raise FormatError(f"it is {file.kind}")
        header = dict(json.loads(file.metadata[KEY]))
        written = dict(header.pop(SUMS))
        if header["version"] != VERSION:
            raise FormatError(f"it is of version {header['version']}, this reads version {VERSION}")
        file.expect(GRAPH, "U8", (None,))
        graph = file.map(GRAPH)
        verify(_parts(header, graph), written)
    except (LookupError, ValueError, TypeError, RecursionError) as error:
        raise FormatError(f"{path}: expected an index of vectors, but {error}; {MAKE_AGAIN}") from None
    return header, graph


def is_index(path: Path) -> bool:
    """Whether a file says that it is an index of vectors."""
    try:
        return path.is_file() and KEY in open_tensors(path).metadata
    except FormatError:
        return False


def _parts(header: dict[str, Any], graph: Bytes1d) -> dict[str, Any]:
    """What checksums are of."""
    return {"metadata": json_text(header).encode(), GRAPH: graph.data}


def _fingerprint(rows: StoredRows, words: Sequence[str]) -> str:
    """What tells these vectors from others: their number, size and type, and rows drawn at even distances.

    Only some rows are read, as that is enough to know a file by, and leaves a mapped one where it is.
    """
    hashed = sha256(f"{rows.values.shape} {rows.dtype}".encode())
    for row in np.linspace(0, len(rows) - 1, min(SAMPLED, len(rows)), dtype=np.int64).tolist():
        hashed.update(words[row].encode("utf-8", "surrogatepass") + b"\0")
        hashed.update(rows.values[row].tobytes())
    return hashed.hexdigest()


def _recall(graph: GraphIndex, rows: StoredRows, drawn: Longs1d) -> Recall:
    """The share of the `DEPTH` nearest rows to each of `drawn` that are found; equals count as found."""
    targets, itself = rows.take(drawn), drawn[:, None]
    exact = nearest(rows, targets, DEPTH, itself)
    found = best_proposals(graph, graph.parameters.expansion_search, rows, targets, DEPTH, itself)
    shares = (found.scores >= exact.scores[:, -1:] - TOLERANCE).mean(axis=1)
    low, high = graded(shares) or (0.0, 1.0)
    return Recall(float(shares.mean()), low, high, len(drawn))

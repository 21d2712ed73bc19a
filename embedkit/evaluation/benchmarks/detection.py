"""`read_benchmark`: reads a benchmark file of any kind, detected from its content.

A kind is a row of `KINDS`. The first that fits a file reads it, so the more particular forms come first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from embedkit.errors import FormatError
from embedkit.evaluation.benchmarks.analogy_items import fits_analogies, parse_analogies
from embedkit.evaluation.benchmarks.categorization_items import fits_categorization, parse_categorization
from embedkit.evaluation.benchmarks.file import BenchmarkFile, read_file
from embedkit.evaluation.benchmarks.folders import read_folder
from embedkit.evaluation.benchmarks.named_columns import FORM, fits_columns, parse_columns
from embedkit.evaluation.benchmarks.outlier_items import fits_outliers, parse_outliers
from embedkit.evaluation.benchmarks.relation_items import fits_relations, parse_relations
from embedkit.evaluation.benchmarks.semeval import fits_paradigms, parse_paradigms
from embedkit.evaluation.benchmarks.similarity_items import fits_similarity, parse_similarity

QUOTED = 3  # lines of a file that is of no kind


class Benchmark(Protocol):
    """What all kinds have in common: a name, and a number of items that `len` tells."""

    @property
    def name(self) -> str:
        """The name in tables."""

    def __len__(self) -> int: ...


class BenchmarkFormat(NamedTuple):
    """A kind of benchmark: whether a file is one, and how it is read."""

    name: str
    form: str  # what a line looks like, for the error that no kind fits
    fits: Callable[[BenchmarkFile], bool]
    parse: Callable[[BenchmarkFile], Benchmark]


KINDS = (
    BenchmarkFormat("a table", FORM, fits_columns, parse_columns),
    BenchmarkFormat("relations", "a:b, c:d and below it a:b number", fits_relations, parse_relations),
    BenchmarkFormat("SemEval's relations", "1, a, name, name, a:b, c:d", fits_paradigms, parse_paradigms),
    BenchmarkFormat("analogies", "word word word word", fits_analogies, parse_analogies),
    BenchmarkFormat("similarity", "word word number", fits_similarity, parse_similarity),
    BenchmarkFormat("categorization", "word category", fits_categorization, parse_categorization),
    BenchmarkFormat(
        "outliers", "a word, and an empty line before the outliers", fits_outliers, parse_outliers
    ),
)


def read_benchmark(path: str | Path, name: str | None = None) -> Benchmark:
    """The benchmark in a file, or in a folder that has a file a topic, a category or a relation.

    `name` is what tables call it, by default the name of the file.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is of no known kind, or some lines of it are not what the others are; the first of
            them are named.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "pairs.txt")
        ...     _ = path.write_text("cup mug 9")
        ...     benchmark = read_benchmark(path)
        >>> benchmark.name, len(benchmark)
        ('pairs', 1)
    """
    if Path(path).is_dir():
        return read_folder(Path(path), name)
    file = read_file(Path(path), name)
    if not file.filled:
        raise FormatError(f"{path}: expected a benchmark, got a file without items")
    for kind in KINDS:
        if kind.fits(file):
            return kind.parse(file)
    lines = [line for line in file.filled if not line.text.startswith(":")][:QUOTED] or file.filled[:QUOTED]
    quoted = ", ".join(f"line {line.number}: {line.text[:60]!r}" for line in lines)
    forms = "; ".join(f"{kind.form} ({kind.name})" for kind in KINDS)
    raise FormatError(f"{path}: expected most lines to be of one of the forms: {forms}; got {quoted}")

"""Benchmarks in tables whose first row names the columns, as collections of benchmarks keep them.

The columns decide what it is: `word1`, `word2`, `similarity`; `type`, `word1`, `word2`, `word3`, `target`,
analogies in categories; `category`, `word`; or `category`, `words`, `outliers`, lists in brackets. Any other
column, such as one of row numbers without a name, is passed over, and so are rows of a category without a
word.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Callable
from typing import Any, NamedTuple

from embedkit.evaluation.benchmarks.analogy_items import AnalogyBenchmark, Question
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark, CategorizedWord
from embedkit.evaluation.benchmarks.file import BenchmarkFile, items, number
from embedkit.evaluation.benchmarks.outlier_items import CLUSTER, OutlierBenchmark, OutlierTopic
from embedkit.evaluation.benchmarks.similarity_items import ScoredPair, SimilarityBenchmark

FORM = "a header word1,word2,similarity or type,word1,word2,word3,target"


class NamedColumns(NamedTuple):
    """The columns of a kind of benchmark, what a row of their cells is, and what all rows are."""

    columns: tuple[str, ...]
    item: Callable[..., Any]
    benchmark: Callable[[str, tuple[Any, ...]], Any]


def _pair(first: str, second: str, score: str) -> ScoredPair | None:
    value = number(score)
    return None if value is None else ScoredPair(first, second, value)


def _topic(name: str, words: str, outliers: str) -> OutlierTopic | None:
    cluster, others = _entries(words), _entries(outliers)
    return OutlierTopic(name, cluster, others) if len(cluster) >= CLUSTER and others else None


def _entries(cell: str) -> tuple[str, ...]:
    """The words of a list: "['Real Madrid', '']" -> ("Real_Madrid",); none of anything else."""
    try:
        listed = ast.literal_eval(cell)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    words = [word for word in listed if isinstance(word, str)] if isinstance(listed, list) else []
    return tuple("_".join(word.split()) for word in words if word.strip())


TABLES = (
    NamedColumns(("type", "word1", "word2", "word3", "target"), Question, AnalogyBenchmark),
    NamedColumns(("word1", "word2", "similarity"), _pair, SimilarityBenchmark),
    NamedColumns(("category", "words", "outliers"), _topic, OutlierBenchmark),
    NamedColumns(
        ("category", "word"), lambda category, word: CategorizedWord(word, category), CategorizationBenchmark
    ),
)


def fits_columns(file: BenchmarkFile) -> bool:
    """Whether the first line names the columns of a kind of benchmark."""
    header = _cells(file.filled[0].text, _separator(file))
    return any({*table.columns} <= {*header} for table in TABLES)


def parse_columns(file: BenchmarkFile) -> Any:
    """The benchmark in a file; `FormatError` names the rows that are not what the columns say."""
    separator = _separator(file)
    header = _cells(file.filled[0].text, separator)
    table = next(table for table in TABLES if {*table.columns} <= {*header})
    places = [header.index(column) for column in table.columns]
    rows = file.filled[1:]
    if table.columns[-1] == "word":  # categories end with an empty one in some tables
        rows = [line for line in rows if _cells(line.text, separator)[-1]]

    def item(text: str) -> Any:
        cells = _cells(text, separator)
        chosen = [cells[place] for place in places] if len(cells) == len(header) else []
        return table.item(*chosen) if chosen and all(chosen) else None

    expected = f"a row of {len(header)} cells, with {', '.join(table.columns)}"
    return table.benchmark(file.name, tuple(items(file.path, rows, item, expected)))


def _separator(file: BenchmarkFile) -> str:
    return "\t" if "\t" in file.filled[0].text else ","


def _cells(text: str, separator: str) -> list[str]:
    """The cells of a line, which may stand in quotes, without white space around them."""
    try:
        cells = next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:  # no cell of a benchmark has more than 128 KiB
        return [text]
    return [cell.strip() for cell in cells]

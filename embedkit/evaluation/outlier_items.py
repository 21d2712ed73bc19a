"""Outlier benchmarks: topics with words that belong to them and words that do not.

This is the form of the 8-8-8 set (Camacho-Collados and Navigli 2016): the words of the cluster, one a line,
an empty line, and the outliers. A file holds one topic, or several with a header `: name` each; a folder
holds a file a topic. An entry of several words has spaces or underscores, and underscores once it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.evaluation.lines import BenchmarkFile, Line

CLUSTER = 2  # fewest words of a cluster: one word and an outlier are as far from each other


class Topic(NamedTuple):
    """Words that belong together, and outliers, each of which is to be told from them."""

    name: str
    cluster: tuple[str, ...]
    outliers: tuple[str, ...]


@dataclass(frozen=True)
class OutlierBenchmark:
    """Topics; a question is a cluster with one of its outliers."""

    name: str
    topics: tuple[Topic, ...]

    def __post_init__(self) -> None:
        if not self.topics:
            raise InputError(f"{self.name}: expected topics, got none")

    def __len__(self) -> int:
        return sum(len(topic.outliers) for topic in self.topics)

    @property
    def entries(self) -> tuple[str, ...]:
        """All entries, each once, in order of appearance."""
        topics = self.topics
        return tuple(dict.fromkeys(entry for topic in topics for entry in (*topic.cluster, *topic.outliers)))


def fits_outliers(file: BenchmarkFile) -> bool:
    """Whether the first topic is two blocks with an empty line between them."""
    _, lines = next(_topics(file))
    blocks = _blocks(lines)
    return len(blocks) == 2 and len(blocks[0]) >= CLUSTER


def parse_outliers(file: BenchmarkFile) -> OutlierBenchmark:
    """The topics of a file; `FormatError` names the line of a topic that is not two blocks."""
    return OutlierBenchmark(file.name, tuple(_topic(file, name, lines) for name, lines in _topics(file)))


def _topics(file: BenchmarkFile) -> Iterator[tuple[str, list[Line]]]:
    """The lines under each header `: name`, empty ones among them; without headers, the file is the topic."""
    name, lines = file.name, list[Line]()
    for line in file.lines:
        if not line.text.startswith(":"):
            lines.append(line)
            continue
        if any(line.text for line in lines):
            yield name, lines
        name, lines = line.text.lstrip(": "), []
    yield name, lines


def _blocks(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """The entries of each run of filled lines."""
    runs = groupby(lines, lambda line: bool(line.text))
    return [tuple(_entry(line.text) for line in run) for filled, run in runs if filled]


def _entry(text: str) -> str:
    """One spelling for entries of several words: "Real Madrid" -> "Real_Madrid"."""
    return "_".join(text.split())


def _topic(file: BenchmarkFile, name: str, lines: Sequence[Line]) -> Topic:
    blocks = _blocks(lines)
    if len(blocks) != 2 or len(blocks[0]) < CLUSTER:
        sizes = " + ".join(str(len(block)) for block in blocks) or "no"
        place = f"{file.path}, line {lines[0].number}" if lines else str(file.path)
        raise FormatError(
            f"{place}: expected for {name} at least {CLUSTER} words of a cluster, an empty line and its "
            f"outliers, got {sizes} words"
        )
    return Topic(name, *blocks)

"""Outlier benchmarks: topics with words that belong to them and words that do not.

This is the form of the 8-8-8 set (Camacho-Collados and Navigli 2016): the words of the cluster, one a line,
an empty line, and the outliers. A file holds one topic, or several with a header `: name` each; a folder
holds a file a topic. An entry of several words has spaces or underscores, and underscores once it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.evaluation.benchmarks.file import (
    BenchmarkFile,
    Line,
    Section,
    check_parts,
    distinct_sections,
    sections,
)

CLUSTER = 2  # fewest words of a cluster: one word and an outlier are as far from each other


class OutlierTopic(NamedTuple):
    """Words that belong together, and outliers, each of which is to be told from them."""

    name: str
    cluster: tuple[str, ...]
    outliers: tuple[str, ...]


@dataclass(frozen=True)
class OutlierBenchmark:
    """Topics; a question is a cluster with one of its outliers."""

    name: str
    topics: tuple[OutlierTopic, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.topics:
            raise InputError(f"{self.name}: expected topics, got none")
        check_parts(self.name, [topic.name for topic in self.topics])

    def __len__(self) -> int:
        return sum(len(topic.outliers) for topic in self.topics)

    @property
    def entries(self) -> tuple[str, ...]:
        """All entries, each once, in order of appearance."""
        topics = self.topics
        return tuple(dict.fromkeys(entry for topic in topics for entry in (*topic.cluster, *topic.outliers)))

    @property
    def words(self) -> tuple[str, ...]:
        """What is looked up, each once: the entries and the words they are made of."""
        parts = (part for entry in self.entries for part in (entry, *entry.split("_")))
        return tuple(dict.fromkeys(part for part in parts if part))


def fits_outliers(file: BenchmarkFile) -> bool:
    """Whether the first topic is two blocks with an empty line between them."""
    blocks = [_blocks(section.lines) for section in sections(file)[:1]]
    return any(len(block) == 2 and len(block[0]) >= CLUSTER for block in blocks)


def parse_outliers(file: BenchmarkFile) -> OutlierBenchmark:
    """The topics of a file; `FormatError` names the line of a topic that is not two blocks."""
    return OutlierBenchmark(file.name, tuple(_topic(file, section) for section in distinct_sections(file)))


def _blocks(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """The entries of each run of filled lines."""
    runs = groupby(lines, lambda line: bool(line.text))
    return [tuple(_entry(line.text) for line in run) for filled, run in runs if filled]


def _entry(text: str) -> str:
    """One spelling for entries of several words: "Real Madrid" -> "Real_Madrid"."""
    return "_".join(text.split())


def _topic(file: BenchmarkFile, section: Section) -> OutlierTopic:
    blocks = _blocks(section.lines)
    if len(blocks) != 2 or len(blocks[0]) < CLUSTER:
        sizes = " + ".join(str(len(block)) for block in blocks)
        raise FormatError(
            f"{file.path}, line {section.filled[0].number}: expected for {section.name} at least {CLUSTER} "
            f"words of a cluster, an empty line and its outliers, got {sizes} words"
        )
    return OutlierTopic(section.name, *blocks)

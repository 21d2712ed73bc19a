"""Graded relation benchmarks: prototypes of a relation, and pairs of words with ratings.

This is SemEval-2012 task 2 (Jurgens, Turney, Mohammad and Holyoak 2012) in one file. Under a header `: name`,
or at the top of a file that is named for its one relation, stands a line of prototypes `a:b, c:d, e:f`; then
a pair a line with its rating, `a:b 12.5` or, as the task's gold files have it, `12.5 "a:b"`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.file import (
    NUMBER,
    BenchmarkFile,
    check_parts,
    distinct_sections,
    items,
    sections,
)

WORD = r'[^\s:,"]+'
PAIR = re.compile(rf'"?({WORD}):({WORD})"?')
RATED = re.compile(
    rf"{PAIR.pattern}\s+(?P<after>{NUMBER.pattern})|(?P<before>{NUMBER.pattern})\s+{PAIR.pattern}"
)

WordPair = tuple[str, str]


class RatedPair(NamedTuple):
    """Two words and how well they show the relation, the higher the better."""

    first: str
    second: str
    rating: float


class Relation(NamedTuple):
    """A relation: pairs that define it, and pairs to be ranked by how well they show it."""

    name: str
    prototypes: tuple[WordPair, ...]
    pairs: tuple[RatedPair, ...]


@dataclass(frozen=True)
class RelationBenchmark:
    """Relations, in the order of their file."""

    name: str
    relations: tuple[Relation, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.relations:
            raise InputError(f"{self.name}: expected relations, got none")
        check_parts(self.name, [relation.name for relation in self.relations])
        for relation in self.relations:
            if not relation.prototypes or not relation.pairs:
                raise InputError(f"{self.name}: no prototypes or no pairs for {relation.name!r}")

    def __len__(self) -> int:
        return sum(len(relation.pairs) for relation in self.relations)

    @property
    def words(self) -> tuple[str, ...]:
        """What is looked up, each once."""
        defining = [pair for relation in self.relations for pair in relation.prototypes]
        rated = [pair[:2] for relation in self.relations for pair in relation.pairs]
        return tuple(dict.fromkeys(word for pair in defining + rated for word in pair))


def fits_relations(file: BenchmarkFile) -> bool:
    """Whether the first line below a header lists prototypes, or rates a pair for lack of them."""
    first = next((section.filled[0].text for section in sections(file)), "")
    return prototypes(first) is not None or rated(first) is not None


def parse_relations(file: BenchmarkFile) -> RelationBenchmark:
    """The relations of a file; `FormatError` names the lines that are none of the forms."""
    relations = []
    for section in distinct_sections(file):
        lines = section.filled
        defining = items(file.path, lines[:1], prototypes, "prototypes a:b, c:d before their pairs")[0]
        pairs = items(file.path, lines[1:], rated, "a pair a:b and a number")
        relations.append(Relation(section.name, defining, tuple(pairs)))
    return RelationBenchmark(file.name, tuple(relations))


def prototypes(text: str) -> tuple[WordPair, ...] | None:
    """The pairs of a line of pairs: "oak:tree, rose:flower" -> ("oak", "tree"), ("rose", "flower")."""
    matches = [PAIR.fullmatch(part.strip()) for part in text.split(",")]
    pairs = tuple((match[1], match[2]) for match in matches if match)
    return pairs if len(pairs) == len(matches) else None


def rated(text: str) -> RatedPair | None:
    """The pair of a line and its rating."""
    match = RATED.fullmatch(text)
    if match is None:
        return None
    first, second = (word for word in match.group(1, 2, 5, 6) if word)
    return RatedPair(first, second, float(match["after"] or match["before"]))

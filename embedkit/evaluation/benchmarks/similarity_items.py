"""Similarity benchmarks: pairs of words with human similarity scores.

A line is `word word score`, separated by tabs, commas or spaces. A part of speech may stand before the score,
as in SimLex-999 and SimVerb-3500; what follows the score (deviations, single ratings) is not read. The first
line may be a header.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.file import BenchmarkFile, Line, items, mostly, number


class ScoredPair(NamedTuple):
    """Two words and how similar people find them."""

    first: str
    second: str
    score: float


@dataclass(frozen=True)
class SimilarityBenchmark:
    """Pairs, in the order of their file."""

    name: str
    pairs: tuple[ScoredPair, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.pairs:
            raise InputError(f"{self.name}: expected pairs of words, got none")

    def __len__(self) -> int:
        return len(self.pairs)

    @cached_property
    def scores(self) -> Doubles1d:
        """What people gave, (n,)."""
        return np.array([pair.score for pair in self.pairs])


MISSING = {"", "-", "?", "nan", "inf", "-inf", "na", "n/a", "none", "null"}  # what stands for no score


def fits_similarity(file: BenchmarkFile) -> bool:
    """Whether most of the first lines, a header left out, are two words and a number."""
    return mostly(_without_header(file), _pair)


def parse_similarity(file: BenchmarkFile) -> SimilarityBenchmark:
    """The pairs of a file; `FormatError` names the lines that are none."""
    pairs = items(file.path, _without_header(file), _pair, "two words and a number")
    return SimilarityBenchmark(file.name, tuple(pairs))


def _without_header(file: BenchmarkFile) -> Sequence[Line]:
    """The lines but for the first one if it names columns."""
    lines = file.filled
    headed = len(lines) > 1 and _pair(lines[0].text) is None and _names_columns(lines[0].text)
    return lines[1:] if headed else lines


def _names_columns(text: str) -> bool:
    """Whether a line names columns, "Word 1,Word 2,Human (mean)": it has no number, nor a failed one."""
    fields = _fields(text)
    return len(fields) > 2 and all(number(field) is None and field.lower() not in MISSING for field in fields)


def _pair(text: str) -> ScoredPair | None:
    """The pair on a line: "old new A 1.58" -> ("old", "new", 1.58)."""
    words = _fields(text)
    if len(words) > 3 and number(words[2]) is None and len(words[2]) < 4:
        del words[2]
    score = number(words[2]) if len(words) > 2 and all(words[:2]) else None
    return None if score is None else ScoredPair(words[0], words[1], score)


def _fields(text: str) -> list[str]:
    """The fields of a line, parted by what it holds first of tabs, commas and white space."""
    separator = next((sign for sign in "\t," if sign in text), None)
    return [field.strip() for field in text.split(separator)]

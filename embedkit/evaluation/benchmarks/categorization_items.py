"""Categorization benchmarks: words with human categories.

A line is `word category`, separated by a tab, a comma or white space, as in AP (Almuhareb and Poesio 2005),
BLESS (Baroni and Lenci 2011) and the sets of the ESSLLI 2008 workshop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from embedkit.errors import FormatError, InputError
from embedkit.evaluation.benchmarks.file import RESERVED, BenchmarkFile, check_parts, items, mostly, reserved


class CategorizedWord(NamedTuple):
    """A word and its category."""

    word: str
    category: str


@dataclass(frozen=True)
class CategorizationBenchmark:
    """Words with their categories, in the order of their file."""

    name: str
    members: tuple[CategorizedWord, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.members:
            raise InputError(f"{self.name}: expected words with categories, got none")
        check_parts(self.name, self.categories)

    def __len__(self) -> int:
        return len(self.members)

    @property
    def categories(self) -> tuple[str, ...]:
        """Their names, each once, in order of appearance."""
        return tuple(dict.fromkeys(member.category for member in self.members))

    @property
    def words(self) -> tuple[str, ...]:
        """What is looked up."""
        return tuple(member.word for member in self.members)


def fits_categorization(file: BenchmarkFile) -> bool:
    """Whether lines are pairs whose second parts are shared: on average, two words or more have the same."""
    members = [member for line in file.filled if (member := _member(line.text))]
    categories = {member.category for member in members}
    return mostly(file.filled, _member) and 2 * len(categories) <= len(members)


def parse_categorization(file: BenchmarkFile) -> CategorizationBenchmark:
    """The words of a file; `FormatError` names the lines that are no word with a category."""
    members = items(file.path, file.filled, _member, "a word and its category")
    for line, member in zip(file.filled, members, strict=True):
        if member.category in RESERVED:
            raise FormatError(f"{file.path}, line {line.number}: {reserved(member.category)}")
    return CategorizationBenchmark(file.name, tuple(members))


def _member(text: str) -> CategorizedWord | None:
    """The word on a line and its category: "sparrow, bird" -> ("sparrow", "bird")."""
    separator = next((sign for sign in "\t," if sign in text), None)
    fields = [field.strip() for field in text.split(separator)]
    return CategorizedWord(*fields) if len(fields) == 2 and all(fields) else None

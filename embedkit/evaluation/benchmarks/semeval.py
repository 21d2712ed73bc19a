"""SemEval-2012 task 2 (graded relations) in the layout of its organizers' files.

`subcategories-paradigms.txt` has a line a relation, `1, a, CLASS-INCLUSION, Taxonomic, flower:tulip, ...`:
its number and letter, its names, the prototypes. The ratings, `50.0 "flower:tulip"` a line, are in another
package, in files `GoldRatings-1a.txt`; they are looked for in the folder of the paradigms, in the one that
holds it, and in folders up to `DEPTH` levels below.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.file import BenchmarkFile, items, mostly, read_file
from embedkit.evaluation.benchmarks.relation_items import (
    Relation,
    RelationBenchmark,
    WordPair,
    prototypes,
    rated,
)

PARADIGM = re.compile(r"(\d+)\s*,\s*([a-z])\s*,[^:]*?,[^:]*?,\s*(\S+:.*)")
RATINGS = "GoldRatings-"
DEPTH = 3  # folders within folders: the one that holds the file may hold all that its user has


def fits_paradigms(file: BenchmarkFile) -> bool:
    """Whether most of the first lines name a relation and its prototypes."""
    return mostly(file.filled, _paradigm)


def parse_paradigms(file: BenchmarkFile) -> RelationBenchmark:
    """The relations of which ratings are found.

    Raises:
        FormatError: a line of one of the files is not of its form.
        InputError: there are no ratings near the file.
    """
    ratings = _ratings(file.path.parent) or _ratings(file.path.resolve().parent.parent)
    if not ratings:
        raise InputError(
            f"{file.path}: expected files {RATINGS}1a.txt and so on in {file.path.parent} or the folder that "
            "holds it, got none; unpack the gold ratings of the task there"
        )
    named = items(file.path, file.filled, _paradigm, "a number, a letter, two names and prototypes")
    relations = [
        Relation(
            name,
            defining,
            tuple(items(rating_file.path, rating_file.filled, rated, "a number and a pair a:b")),
        )
        for name, defining in named
        if name in ratings and (rating_file := read_file(ratings[name])).filled
    ]
    return RelationBenchmark(file.name, tuple(relations))


def _paradigm(text: str) -> tuple[str, tuple[WordPair, ...]] | None:
    """The name of a relation and its prototypes: "1, a, X, Y, oak:tree" -> ("1a", (("oak", "tree"),))."""
    match = PARADIGM.fullmatch(text)
    defining = prototypes(match[3]) if match else None
    return (f"{match[1]}{match[2]}", defining) if match and defining else None


def _ratings(folder: Path) -> dict[str, Path]:
    """The files of ratings by the name of their relation: "1a" for GoldRatings-1a.txt."""
    found = []
    for place, folders, names in os.walk(folder):  # passes over what cannot be read, or has just vanished
        if len(Path(place).relative_to(folder).parts) == DEPTH:
            folders.clear()
        found += [Path(place, name) for name in names if name.startswith(RATINGS) and name.endswith(".txt")]
    return {path.stem.removeprefix(RATINGS): path for path in sorted(found)}

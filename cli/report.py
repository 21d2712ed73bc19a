"""`Report`: what `embedkit evaluate` finds of one space or of several."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import NamedTuple

import embedkit
from embedkit import Embeddings
from embedkit.evaluation.comparison import Comparison, compare
from embedkit.evaluation.health import Health, health
from embedkit.evaluation.reading import Benchmark
from embedkit.evaluation.rows import Row
from embedkit.progress import Progress
from embedkit.vectors.shipped import SHIPPED
from embedkit_cli.scoring import Terms


class Space(NamedTuple):
    """Vectors, and what they are called in tables."""

    name: str
    vectors: Embeddings


class Compared(NamedTuple):
    """The names of two spaces, and how they differ on each benchmark."""

    a: str
    b: str
    comparisons: Sequence[Comparison]


@dataclass(frozen=True)
class Report:
    """Scores and, if they were asked for, the health of each space, by its name.

    `compared` has the first space with each of the others.
    """

    terms: Terms
    spaces: Sequence[Space]
    scores: dict[str, list[Row]]
    health: dict[str, Health]
    compared: Sequence[Compared]
    warnings: Sequence[str]

    def warn(self) -> None:
        """Show the warnings on stderr."""
        for message in self.warnings:
            warnings.warn(message, stacklevel=2)


def load_spaces(files: Sequence[Path]) -> list[Space]:
    """The vectors of these files, those that ship if there are none, under names that differ."""
    if not files:
        return [Space(Path(SHIPPED).stem, embedkit.load())]
    names = [path.name for path in files]
    if len(set(names)) < len(names):
        names = [f"{name} ({place})" for place, name in enumerate(names, 1)]
    return [Space(name, embedkit.load(path)) for name, path in zip(names, files, strict=True)]


def make_report(
    spaces: Sequence[Space],
    benchmarks: Sequence[Benchmark],
    terms: Terms,
    with_health: bool,
    progress: Progress,
) -> Report:
    """Score all spaces on all benchmarks, and compare the first with each of the others."""
    scores: dict[str, list[Row]] = {space.name: [] for space in spaces}
    notes = []
    progress.start("scoring", len(spaces) * len(benchmarks))
    for done, (space, benchmark) in enumerate(product(spaces, benchmarks)):
        progress.update(done, f"{space.name} on {benchmark.name}")
        result = terms.score(space.vectors, benchmark)
        scores[space.name] += result.rows()
        notes += [f"{space.name} on {benchmark.name}: {warning}" for warning in result.warnings]
    progress.update(len(spaces) * len(benchmarks), "comparing" if len(spaces) > 1 else "")
    found = {space.name: health(space.vectors, seed=terms.seed) for space in spaces if with_health}
    notes += [f"{name}: {warning}" for name, state in found.items() for warning in state.warnings]
    first, *others = spaces
    compared = [_compared(first, other, benchmarks, terms) for other in others]
    return Report(terms, spaces, scores, found, compared, notes)


def _compared(a: Space, b: Space, benchmarks: Sequence[Benchmark], terms: Terms) -> Compared:
    found = compare(
        a.vectors,
        b.vectors,
        benchmarks,
        protocol=terms.protocol,
        method=terms.method,
        lowercase=(terms.folds(a.vectors), terms.folds(b.vectors)),
        seed=terms.seed,
    )
    return Compared(a.name, b.name, found)

"""`Report`: what `embedkit evaluate` finds of one space or of several."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

import embedkit
from embedkit import Embeddings
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.comparison import Comparison, corrected, enough_resamples
from embedkit.evaluation.health import Health, health
from embedkit.evaluation.result_row import Row
from embedkit.evaluation.scoring import Result
from embedkit.progress import Progress
from embedkit.vectors.shipped import SHIPPED
from embedkit_cli.evaluation.terms import Terms


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
    results: dict[str, list[Result]] = {space.name: [] for space in spaces}
    progress.start("scoring", len(spaces) * len(benchmarks))
    for done, (space, benchmark) in enumerate(product(spaces, benchmarks)):
        progress.update(done, f"{space.name} on {benchmark.name}")
        results[space.name].append(terms.score(space.vectors, benchmark))
    progress.update(len(spaces) * len(benchmarks), "comparing" if len(spaces) > 1 else "")
    examined = {space.name: health(space.vectors, seed=terms.seed) for space in spaces if with_health}
    notes = [
        f"{name} on {result.benchmark}: {warning}"
        for name, found in results.items()
        for result in found
        for warning in result.warnings
    ]
    notes += [f"{name}: {warning}" for name, state in examined.items() for warning in state.warnings]
    scores = {name: [row for result in found for row in result.rows()] for name, found in results.items()}
    return Report(terms, spaces, scores, examined, _compared(spaces, benchmarks, terms, results), notes)


def _compared(
    spaces: Sequence[Space], benchmarks: Sequence[Benchmark], terms: Terms, results: dict[str, list[Result]]
) -> list[Compared]:
    """The first space beside each of the others, p-values being corrected for all tests of the report."""
    first, *others = spaces
    resamples = enough_resamples(len(others) * len(benchmarks))
    found = [
        comparison
        for other in others
        for comparison in terms.compare(
            (first.vectors, other.vectors),
            benchmarks,
            (results[first.name], results[other.name]),
            resamples,
        )
    ]
    together = iter(corrected(found))
    return [Compared(first.name, other.name, list(islice(together, len(benchmarks)))) for other in others]

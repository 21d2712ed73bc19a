"""`evaluation_report`: scores, health and comparisons of one or several spaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from typing import NamedTuple

from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.benchmarks.shipped import DEFAULTS
from embedkit.evaluation.comparison import SpaceComparison, corrected, enough_resamples
from embedkit.evaluation.health import Health, health
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.scoring import EvaluationResult, as_benchmark
from embedkit.evaluation.settings import EvaluationSettings
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings

DEFAULT_SETTINGS = EvaluationSettings()


class ComparedSpaces(NamedTuple):
    """The names of two sets of vectors, and their comparison on each benchmark."""

    a: str
    b: str
    comparisons: Sequence[SpaceComparison]


@dataclass(frozen=True)
class EvaluationReport:
    """What `evaluation_report` found.

    Args:
        settings: how it was measured.
        vectors: by name.
        scores: for each name the rows of all benchmarks.
        health: for each name the health of the space; empty if it was not examined.
        comparisons: the first vectors with each of the others.
        warnings: what a reader of the numbers should know.
    """

    settings: EvaluationSettings
    vectors: Mapping[str, Embeddings]
    scores: Mapping[str, Sequence[ResultRow]]
    health: Mapping[str, Health] = field(default_factory=dict)
    comparisons: Sequence[ComparedSpaces] = ()
    warnings: Sequence[str] = ()


def evaluation_report(
    vectors: Embeddings | Mapping[str, Embeddings],
    benchmarks: Sequence[Benchmark | str | Path] = DEFAULTS,
    settings: EvaluationSettings = DEFAULT_SETTINGS,
    *,
    with_health: bool = True,
    progress: Progress = SILENT,
) -> EvaluationReport:
    """Score vectors on benchmarks, examine their health, and compare the first with each of the others.

    Args:
        vectors: one set of vectors, which gets the name "vectors", or several by name.
        benchmarks: benchmarks, or their names or files; by default those that ship.
        settings: protocol, treatment of unknown words and case, seed.
        with_health: whether the spaces themselves are examined, see `embedkit.evaluation.health`.
        progress: told about each benchmark.

    Returns:
        The p-values of its comparisons are corrected for the number of all tests.

    Raises:
        InputError: no vectors, or a benchmark that is not known.
        FormatError: a file that is no benchmark.

    Example:
        >>> import embedkit
        >>> report = evaluation_report(embedkit.load(), ["english-similarity"], with_health=False)
        >>> row = report.scores["vectors"][0]
        >>> row.metric, round(row.value, 3), row.covered, row.total
        ('spearman', 0.762, 166, 166)
    """
    spaces = {"vectors": vectors} if isinstance(vectors, Embeddings) else dict(vectors)
    if not spaces:
        raise InputError("expected vectors to evaluate, got none")
    read = [as_benchmark(benchmark) for benchmark in benchmarks]
    results: dict[str, list[EvaluationResult]] = {name: [] for name in spaces}
    progress.start("scoring", len(spaces) * len(read))
    for done, (name, benchmark) in enumerate(product(spaces, read)):
        progress.update(done, f"{name} on {benchmark.name}")
        results[name].append(settings.score(spaces[name], benchmark))
    progress.update(len(spaces) * len(read), "comparing" if len(spaces) > 1 else "")
    examined = {name: health(space, seed=settings.seed) for name, space in spaces.items() if with_health}
    return EvaluationReport(
        settings=settings,
        vectors=spaces,
        scores={
            name: [row for result in evaluations for row in result.rows()]
            for name, evaluations in results.items()
        },
        health=examined,
        comparisons=_comparisons(spaces, read, settings, results),
        warnings=_warnings(results, examined),
    )


def _comparisons(
    spaces: Mapping[str, Embeddings],
    benchmarks: Sequence[Benchmark],
    settings: EvaluationSettings,
    results: Mapping[str, Sequence[EvaluationResult]],
) -> list[ComparedSpaces]:
    """The first space beside each of the others, p-values being corrected for all tests of the report."""
    first, *others = spaces
    resamples = enough_resamples(len(others) * len(benchmarks))
    comparisons = [
        comparison
        for other in others
        for comparison in settings.compare(
            spaces[first], spaces[other], benchmarks, (results[first], results[other]), resamples
        )
    ]
    together = iter(corrected(comparisons))
    return [ComparedSpaces(first, other, list(islice(together, len(benchmarks)))) for other in others]


def _warnings(results: Mapping[str, Sequence[EvaluationResult]], examined: Mapping[str, Health]) -> list[str]:
    """The warnings of all results and of the health, each with the name of the vectors."""
    scoring = [
        f"{name} on {result.benchmark}: {warning}"
        for name, evaluations in results.items()
        for result in evaluations
        for warning in result.warnings
    ]
    return scoring + [f"{name}: {warning}" for name, state in examined.items() for warning in state.warnings]

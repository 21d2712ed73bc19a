"""Benchmark scores after each epoch of training, and the vectors of the best epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from embedkit import Embeddings
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.settings import EvaluationSettings
from embedkit.progress import Progress


@dataclass
class EpochEvaluation:
    """Called after each epoch: prints the total of each benchmark; `best` are the vectors that did best.

    The best epoch is the one with the highest mean of the totals that are defined. Without any, as when
    nothing is covered, no epoch is best.
    """

    benchmarks: Sequence[Benchmark]
    progress: Progress
    best: Embeddings | None = field(default=None, init=False)
    _highest: float = field(default=float("-inf"), init=False)

    def __call__(self, epoch: int, vectors: Embeddings) -> None:
        """Score the vectors after an epoch; warnings about a benchmark come after the first only."""
        results = [
            EvaluationSettings().score(vectors, benchmark, resamples=0) for benchmark in self.benchmarks
        ]
        totals = [result.rows()[0] for result in results]
        self.progress.note(f"epoch {epoch}: {', '.join(map(_shown, totals))}")
        for warning in (warning for result in results for warning in result.warnings if epoch == 1):
            self.progress.note(f"Warning: {warning}")
        values = [row.value for row in totals if row.value is not None]
        if values and (mean := sum(values) / len(values)) > self._highest:
            self._highest = mean
            self.best = vectors.with_metadata(best_epoch=epoch)


def _shown(row: ResultRow) -> str:
    """The total of a benchmark as it is printed: "men spearman 0.7012"."""
    value = "undefined" if row.value is None else f"{row.value:.4f}"
    return f"{row.benchmark} {row.metric} {value}"

"""Benchmark scores after each epoch of training, and the vectors of the best epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from embedkit import Checkpoint, Embeddings
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.scoring import EvaluationResult
from embedkit.evaluation.settings import EvaluationSettings
from embedkit.progress import Progress

BEST = ".best"  # the file of the best vectors, beside the checkpoint


@dataclass
class EpochEvaluation:
    """Called after each epoch: prints the total of each benchmark; `best` are the vectors that did best.

    The best epoch is the one with the highest mean of the totals that are defined. Without any, as when
    nothing is covered, no epoch is best. With a checkpoint they are kept in a file, as training may be
    interrupted and go on.
    """

    benchmarks: Sequence[Benchmark]
    progress: Progress
    checkpoint: Checkpoint | None = None
    best: Embeddings | None = field(default=None, init=False)
    _highest: float = field(default=float("-inf"), init=False)
    _begun: bool = field(default=False, init=False)

    def __call__(self, epoch: int, vectors: Embeddings) -> None:
        """Score the vectors after an epoch; warnings about a benchmark come after the first only."""
        if not self._begun and epoch > 1:
            self._go_on()
        self._begun = True
        results = self._results(vectors)
        totals = [result.rows()[0] for result in results]
        self.progress.note(f"epoch {epoch}: {', '.join(map(_shown, totals))}")
        for warning in (warning for result in results for warning in result.warnings if epoch == 1):
            self.progress.note(f"Warning: {warning}")
        if (mean := _mean(totals)) > self._highest:
            self._highest = mean
            self.best = vectors.with_metadata(best_epoch=epoch)
            if self.checkpoint:
                self.best.save(self.checkpoint.beside(BEST), "safetensors")

    def _go_on(self) -> None:
        """Take over the best of the epochs before the interruption."""
        if self.checkpoint and (path := self.checkpoint.beside(BEST)).is_file():
            self.best = Embeddings.load(path)
            self._highest = _mean([result.rows()[0] for result in self._results(self.best)])

    def _results(self, vectors: Embeddings) -> list[EvaluationResult]:
        return [EvaluationSettings().score(vectors, benchmark, resamples=0) for benchmark in self.benchmarks]


def _mean(totals: Sequence[ResultRow]) -> float:
    """The mean of those that are defined; of none it is lower than any."""
    values = [row.value for row in totals if row.value is not None]
    return sum(values) / len(values) if values else float("-inf")


def _shown(row: ResultRow) -> str:
    """The total of a benchmark as it is printed: "men spearman 0.7012"."""
    value = "undefined" if row.value is None else f"{row.value:.4f}"
    return f"{row.benchmark} {row.metric} {value}"

"""`EvaluationSettings`: how benchmarks of any kind are scored and compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.comparison import SpaceComparison, compare
from embedkit.evaluation.scoring import EvaluationResult, evaluate
from embedkit.hyperparameters import check, hyperparameter, seed_field
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import is_lowercase
from embedkit.vectors.search.analogy import Method


@dataclass(frozen=True, kw_only=True)
class EvaluationSettings:
    """The settings of an evaluation; each field is an option of `embedkit evaluate`.

    Raises:
        InputError: a value of the wrong type or out of range.

    Example:
        >>> import embedkit
        >>> settings = EvaluationSettings(unknown="count")
        >>> settings.lowercases(embedkit.load())
        True
    """

    protocol: Literal["full", "word2vec-30k", "gensim-300k", "glove"] = hyperparameter(
        "full", "analogy protocol: candidate words and case folding; see below"
    )
    method: Method = hyperparameter("3cosadd", "analogy method")
    unknown: Literal["leave-out", "count"] = hyperparameter(
        "leave-out",
        "out-of-vocabulary items: leave them out, or count an analogy as wrong and a cosine as 0; graded "
        "relations and categorization always leave them out",
    )
    lowercase: bool | None = hyperparameter(
        None, "convert benchmarks to lower case; default: only for vectors trained on lower-cased text"
    )
    seed: int = seed_field()

    def __post_init__(self) -> None:
        check(self)

    def lowercases(self, vectors: Embeddings) -> bool:
        """Whether the benchmarks are lower-cased for these vectors."""
        return is_lowercase(vectors) if self.lowercase is None else self.lowercase

    def score(self, vectors: Embeddings, benchmark: Benchmark, **others: Any) -> EvaluationResult:
        """The result on one benchmark; `others` are further parameters of `evaluate`."""
        return evaluate(
            vectors,
            benchmark,
            unknown=self.unknown,
            lowercase=self.lowercases(vectors),
            **self._shared(),
            **others,
        )

    def compare(
        self,
        a: Embeddings,
        b: Embeddings,
        benchmarks: Sequence[Benchmark],
        results: tuple[Sequence[EvaluationResult], Sequence[EvaluationResult]],
        resamples: int,
    ) -> list[SpaceComparison]:
        """The comparison of two spaces whose `results` are known."""
        return compare(
            a,
            b,
            benchmarks,
            lowercase=(self.lowercases(a), self.lowercases(b)),
            results=results,
            resamples=resamples,
            **self._shared(),
        )

    def _shared(self) -> dict[str, Any]:
        return {"protocol": self.protocol, "method": self.method, "seed": self.seed}

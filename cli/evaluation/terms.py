"""Scores of vectors on benchmarks of any kind, on the terms that a command line names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from embedkit import Embeddings
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.comparison import Comparison, compare
from embedkit.evaluation.scoring import Result, evaluate
from embedkit.vectors.lookup import is_lowercase
from embedkit.vectors.search.analogy import Method


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is counted, and how; each field is an option of `evaluate`."""

    protocol: Literal["full", "word2vec-30k", "gensim-300k", "glove"] = field(
        default="full", metadata={"help": "who may answer an analogy, and how case is treated; see below"}
    )
    method: Method = field(default="3cosadd", metadata={"help": "how an analogy is solved"})
    unknown: Literal["leave-out", "count"] = field(
        default="leave-out",
        metadata={
            "help": "leave out items with unknown words, or count an analogy as wrong and a cosine as 0; "
            "graded relations and categories always leave them out"
        },
    )
    lowercase: bool | None = field(
        default=None,
        metadata={"help": "take the benchmarks in lower case; by default if the vectors are of such text"},
    )
    seed: int = field(default=1, metadata={"help": "of resampled intervals, comparisons and clusters"})

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise InputError(f"expected a seed of 0 or more, got {self.seed}")

    def folds(self, vectors: Embeddings) -> bool:
        """Whether these vectors are asked in lower case."""
        return is_lowercase(vectors) if self.lowercase is None else self.lowercase

    def score(self, vectors: Embeddings, benchmark: Benchmark, **settings: Any) -> Result:
        """The result of one benchmark; `settings` are further ones of `evaluate`."""
        return evaluate(
            vectors,
            benchmark,
            unknown=self.unknown,
            lowercase=self.folds(vectors),
            **self._asked(),
            **settings,
        )

    def compare(
        self,
        spaces: tuple[Embeddings, Embeddings],
        benchmarks: Sequence[Benchmark],
        results: tuple[Sequence[Result], Sequence[Result]],
        resamples: int,
    ) -> list[Comparison]:
        """The comparison of two spaces, of which `results` are known."""
        a, b = spaces
        folds = self.folds(a), self.folds(b)
        return compare(
            a, b, benchmarks, lowercase=folds, results=results, resamples=resamples, **self._asked()
        )

    def _asked(self) -> dict[str, Any]:
        return {"protocol": self.protocol, "method": self.method, "seed": self.seed}

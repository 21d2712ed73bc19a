"""Scores of vectors on benchmarks of any kind, on the terms that a command line names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

from embedkit import Embeddings
from embedkit.errors import InputError
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.analogy_items import AnalogyBenchmark
from embedkit.evaluation.categorization import evaluate_categorization
from embedkit.evaluation.categorization_items import CategorizationBenchmark
from embedkit.evaluation.outlier_items import OutlierBenchmark
from embedkit.evaluation.outliers import evaluate_outliers
from embedkit.evaluation.protocols import PROTOCOLS
from embedkit.evaluation.reading import Benchmark
from embedkit.evaluation.relation_items import RelationBenchmark
from embedkit.evaluation.relations import evaluate_relations
from embedkit.evaluation.rows import Row
from embedkit.evaluation.similarity import Unknown, evaluate_similarity
from embedkit.evaluation.similarity_items import SimilarityBenchmark
from embedkit.vectors.analogy import Method
from embedkit_cli.asking import of_lowercase


class Result(Protocol):
    """What the evaluation of a benchmark of any kind gives."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader of the scores should know."""

    def rows(self) -> list[Row]:
        """The scores, that of all items first."""


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

    @property
    def cosines(self) -> Unknown:
        """What `unknown` means for kinds that compare cosines."""
        return "zero" if self.unknown == "count" else "leave-out"

    def folds(self, vectors: Embeddings) -> bool:
        """Whether these vectors are asked in lower case."""
        return of_lowercase(vectors) if self.lowercase is None else self.lowercase

    def score(self, vectors: Embeddings, benchmark: Benchmark) -> Result:
        """The result of one benchmark."""
        return SCORERS[type(benchmark)](vectors, benchmark, self)


def _analogies(vectors: Embeddings, benchmark: AnalogyBenchmark, terms: Terms) -> Result:
    protocol = PROTOCOLS[terms.protocol]
    if terms.unknown == "count":
        protocol = replace(protocol, unknown="wrong")
    return evaluate_analogies(vectors, benchmark, protocol, terms.method, lowercase=terms.folds(vectors))


def _similarity(vectors: Embeddings, benchmark: SimilarityBenchmark, terms: Terms) -> Result:
    folds = terms.folds(vectors)
    return evaluate_similarity(vectors, benchmark, terms.cosines, lowercase=folds, seed=terms.seed)


def _outliers(vectors: Embeddings, benchmark: OutlierBenchmark, terms: Terms) -> Result:
    folds = terms.folds(vectors)
    return evaluate_outliers(vectors, benchmark, terms.cosines, lowercase=folds, seed=terms.seed)


def _relations(vectors: Embeddings, benchmark: RelationBenchmark, terms: Terms) -> Result:
    return evaluate_relations(vectors, benchmark, lowercase=terms.folds(vectors), seed=terms.seed)


def _categorization(vectors: Embeddings, benchmark: CategorizationBenchmark, terms: Terms) -> Result:
    return evaluate_categorization(vectors, benchmark, lowercase=terms.folds(vectors), seed=terms.seed)


SCORERS: Mapping[type, Callable[[Embeddings, Any, Terms], Result]] = {
    AnalogyBenchmark: _analogies,
    SimilarityBenchmark: _similarity,
    RelationBenchmark: _relations,
    CategorizationBenchmark: _categorization,
    OutlierBenchmark: _outliers,
}

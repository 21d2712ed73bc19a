"""What two spaces make of the items of a benchmark that both cover, side by side: a function a kind.

Each answers analogies from its own vocabulary, as the protocol has it. Outliers and categories are looked for
among the words that both know, so that both have the same clusters to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from embedkit.errors import InputError
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.analogy_items import AnalogyBenchmark
from embedkit.evaluation.categorization import evaluate_categorization
from embedkit.evaluation.categorization_items import CategorizationBenchmark
from embedkit.evaluation.entries import entry_words
from embedkit.evaluation.outlier_items import OutlierBenchmark
from embedkit.evaluation.outliers import evaluate_outliers
from embedkit.evaluation.paired import Paired, covered_by_both, mean, right_or_wrong
from embedkit.evaluation.protocols import Protocol
from embedkit.evaluation.reading import Benchmark
from embedkit.evaluation.relation_items import RelationBenchmark
from embedkit.evaluation.relations import evaluate_relations
from embedkit.evaluation.similarity import evaluate_similarity
from embedkit.evaluation.similarity_items import SimilarityBenchmark
from embedkit.evaluation.spellings import Spellings, all_known
from embedkit.statistics.correlation import Values, spearman
from embedkit.vectors.analogy import Method
from embedkit.vectors.embeddings import Embeddings


class Space(NamedTuple):
    """Vectors, and whether the words of benchmarks are lowered for them."""

    vectors: Embeddings
    lowercase: bool


class Settings(NamedTuple):
    """How analogies are asked, and the seed of the clustering."""

    protocol: str | Protocol
    method: Method
    seed: int


Pairing = Callable[[tuple[Space, Space], Any, Settings], Paired]


def pair_items(spaces: tuple[Space, Space], benchmark: Benchmark, settings: Settings) -> Paired:
    """Put both spaces to a benchmark; `InputError` for one of an unknown kind."""
    if type(benchmark) not in PAIRINGS:
        kinds = ", ".join(kind.__name__ for kind in PAIRINGS)
        raise InputError(f"expected a benchmark of the kinds {kinds}, got {benchmark!r}")
    return PAIRINGS[type(benchmark)](spaces, benchmark, settings)


def _analogies(spaces: tuple[Space, Space], benchmark: AnalogyBenchmark, settings: Settings) -> Paired:
    a, b = (
        evaluate_analogies(vectors, benchmark, settings.protocol, settings.method, lowercase=lowercase)
        for vectors, lowercase in spaces
    )
    return right_or_wrong("accuracy", a.outcomes, b.outcomes)


def _similarity(spaces: tuple[Space, Space], benchmark: SimilarityBenchmark, settings: Settings) -> Paired:
    a, b = (
        evaluate_similarity(vectors, benchmark, lowercase=lowercase, resamples=1).cosines
        for vectors, lowercase in spaces
    )
    columns, shared = covered_by_both(a, b, benchmark.scores)
    return Paired("spearman", spearman, columns, False, shared, len(benchmark))


def _relations(spaces: tuple[Space, Space], benchmark: RelationBenchmark, settings: Settings) -> Paired:
    a, b = (
        evaluate_relations(vectors, benchmark, lowercase=lowercase, resamples=1).scores
        for vectors, lowercase in spaces
    )
    correlations, pairs = [], 0
    for first, second, relation in zip(a, b, benchmark.relations, strict=True):
        ratings = np.array([pair.rating for pair in relation.pairs])
        columns, shared = covered_by_both(first.degrees, second.degrees, ratings)
        if shared:
            correlations.append(spearman(columns[:2], columns[2]))
        pairs += shared
    values, _ = covered_by_both(*np.array(correlations).reshape(-1, 2).T)
    return Paired("spearman", mean, values, False, pairs, len(benchmark))


def _outliers(spaces: tuple[Space, Space], benchmark: OutlierBenchmark, settings: Settings) -> Paired:
    def outcomes(vectors: Embeddings, lowercase: bool) -> Values:
        return evaluate_outliers(vectors, benchmark, lowercase=lowercase, resamples=1).outcomes

    words = entry_words(benchmark.entries)
    return right_or_wrong("accuracy", *_among_shared_words(spaces, words, outcomes, len(benchmark)))


def _categorization(
    spaces: tuple[Space, Space], benchmark: CategorizationBenchmark, settings: Settings
) -> Paired:
    def outcomes(vectors: Embeddings, lowercase: bool) -> Values:
        return evaluate_categorization(vectors, benchmark, lowercase=lowercase, seed=settings.seed).outcomes

    words = [(member.word,) for member in benchmark.members]
    return right_or_wrong("purity", *_among_shared_words(spaces, words, outcomes, len(benchmark)))


PAIRINGS: dict[type, Pairing] = {
    AnalogyBenchmark: _analogies,
    SimilarityBenchmark: _similarity,
    RelationBenchmark: _relations,
    OutlierBenchmark: _outliers,
    CategorizationBenchmark: _categorization,
}


def _among_shared_words(
    spaces: tuple[Space, Space],
    words: Sequence[tuple[str]],
    outcomes: Callable[[Embeddings, bool], Values],
    count: int,
) -> tuple[Values, Values]:
    """The `outcomes` of `count` items for spaces with none of `words` but those both know; NaN if none."""
    rows = [Spellings(vectors.vocabulary, lowercase=lowercase).rows(words) for vectors, lowercase in spaces]
    both = all_known(np.concatenate(rows, axis=1))
    if not both.any():
        return np.full(count, np.nan), np.full(count, np.nan)
    kept = [np.unique(found[both]) for found in rows]
    a, b = (
        outcomes(vectors.subset(vectors.vocabulary.words[row] for row in known), lowercase)
        for (vectors, lowercase), known in zip(spaces, kept, strict=True)
    )
    return a, b

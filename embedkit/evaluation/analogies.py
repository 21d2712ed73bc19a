"""Analogy accuracy by category, under a named protocol, with coverage and intervals."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Longs1d, Longs2d
from embedkit.evaluation.benchmarks.analogy_items import AnalogyBenchmark, is_syntactic
from embedkit.evaluation.paired import Paired, right_or_wrong
from embedkit.evaluation.protocols import AnalogyProtocol, protocol_named
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.word_lookup import VocabularyLookup
from embedkit.statistics.intervals import CONFIDENCE, Estimate, wilson
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.lookup import UNKNOWN
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.analogy import Method, solve

GENSIM_DEPTH = 5  # answers among which gensim looks for one that is no other case of a query word


class AnalogyScore(NamedTuple):
    """The right answers of a part of the questions.

    `counted` are the questions the accuracy is a share of: the covered ones or, if the protocol counts
    unknown words as wrong, all; `covered` are those whose words are all known.
    """

    part: str
    right: int
    counted: int
    covered: int
    total: int
    accuracy: Estimate

    @property
    def coverage(self) -> float:
        """The share of questions whose words are all known."""
        return self.covered / self.total


@dataclass(frozen=True, eq=False)
class AnalogyResult:
    """What `evaluate_analogies` found.

    `scores` begin with the part "total"; "semantic" and "syntactic" follow if there are both, then the
    categories. `outcomes` and `known` (n,) hold a question each, in the order of the benchmark: 1 right, 0
    wrong, NaN not counted; whether all its words are known.
    """

    benchmark: str
    protocol: AnalogyProtocol
    method: Method
    scores: tuple[AnalogyScore, ...]
    outcomes: Doubles1d
    known: Bools1d
    warnings: tuple[str, ...]

    @property
    def total(self) -> AnalogyScore:
        """The score of all questions."""
        return self.scores[0]

    def rows(self) -> list[ResultRow]:
        """One row a part."""
        return [
            ResultRow(
                self.benchmark, score.part, "accuracy", *score.accuracy.numbers, score.covered, score.total
            )
            for score in self.scores
        ]

    def paired(self, other: AnalogyResult) -> Paired:
        """The answers of this space and of another, to the questions whose words both know."""
        return right_or_wrong("accuracy", (self.outcomes, other.outcomes), self.known & other.known)


def evaluate_analogies(
    vectors: Embeddings,
    benchmark: AnalogyBenchmark,
    protocol: str | AnalogyProtocol = "full",
    method: Method = "3cosadd",
    *,
    lowercase: bool = False,
    only: Container[str] | None = None,
    confidence: float = CONFIDENCE,
) -> AnalogyResult:
    """Ask all questions of a benchmark, in one search.

    Args:
        vectors: the space; its words in descending order of frequency, as protocols that cut it assume.
        benchmark: the questions.
        protocol: what counts; a name in `embedkit.evaluation.protocols.PROTOCOLS`, or one of your own.
        method: how a question is solved, see `embedkit.vectors.search.analogy`.
        lowercase: ask the questions in lower case.
        only: the words that count as known if the vectors have them; by default all.
        confidence: confidence level of the Wilson intervals.

    Raises:
        InputError: an unknown protocol or method.

    Example:
        >>> import embedkit
        >>> from embedkit.evaluation.benchmarks.analogy_items import Question
        >>> royals = AnalogyBenchmark("royals", (Question("family", "man", "king", "woman", "queen"),))
        >>> evaluate_analogies(embedkit.load(), royals).total.accuracy.value
        1.0
    """
    protocol = protocol_named(protocol)
    lookup = VocabularyLookup(vectors.vocabulary, protocol, lowercase, only)
    asked = [question.words for question in benchmark.questions]
    questions, covered, warnings = lookup.look_up(asked)
    outcomes = np.full(len(asked), np.nan if protocol.unknown == "leave-out" else 0.0)
    rows = vectors.stored.first(lookup.count)
    outcomes[covered] = _answered(rows, questions[covered], lookup, protocol, method)
    scores = tuple(
        _score(part, outcomes[members], covered[members], confidence) for part, members in _parts(benchmark)
    )
    return AnalogyResult(benchmark.name, protocol, method, scores, outcomes, covered, warnings)


def _answered(
    vectors: StoredRows,
    questions: Longs2d,
    lookup: VocabularyLookup,
    protocol: AnalogyProtocol,
    method: Method,
) -> Bools1d:
    """Which of `questions` (n, 4), rows of a, b, c and d, are answered rightly."""
    queries = questions[:, :3]

    def answers(asked: Longs2d, depth: int) -> Longs2d:
        rows = solve(vectors, asked, depth, method, protocol.query_words == "allowed").rows
        return np.where(rows >= 0, lookup.first_alike[rows], UNKNOWN)

    given = answers(queries, 1)[:, 0]
    if protocol.query_words == "excluded-in-any-case":
        again = (given[:, None] == queries).any(axis=1)
        given[again] = _first_of_another_spelling(answers(queries[again], GENSIM_DEPTH), queries[again])
    right: Bools1d = given == questions[:, 3]
    return right


def _first_of_another_spelling(answers: Longs2d, queries: Longs2d) -> Longs1d:
    """The first of `answers` (n, k) that is none of `queries` (n, 3), or the last if all are; (n,)."""
    taken = (answers[:, :, None] == queries[:, None, :]).any(axis=2)
    chosen = np.where(taken.all(axis=1), answers.shape[1] - 1, np.argmin(taken, axis=1))
    first: Longs1d = answers[np.arange(len(answers)), chosen]
    return first


def _parts(benchmark: AnalogyBenchmark) -> Iterator[tuple[str, Bools1d]]:
    """The parts that get a score, with the questions (n,) that belong to each."""
    categories = np.array([question.category for question in benchmark.questions], object)
    syntactic = np.array([is_syntactic(category) for category in categories])
    yield "total", np.ones(len(benchmark), bool)
    if syntactic.any() and not syntactic.all():
        yield "semantic", ~syntactic
        yield "syntactic", syntactic
    for category in benchmark.categories:
        yield category, categories == category


def _score(part: str, outcomes: Doubles1d, covered: Bools1d, confidence: float) -> AnalogyScore:
    """The score of the questions of one part."""
    right, counted = int(np.nansum(outcomes)), int(np.count_nonzero(~np.isnan(outcomes)))
    accuracy = Estimate(right / counted if counted else None, wilson(right, counted, confidence))
    return AnalogyScore(part, right, counted, int(np.count_nonzero(covered)), len(covered), accuracy)

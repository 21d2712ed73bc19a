"""Outlier detection (Camacho-Collados and Navigli 2016): accuracy and outlier position.

A question is a cluster of n words with one outlier. The compactness c(w) of the set without w (eq. 1 of the
paper) is greatest without the word that fits least; the same order follows at less cost from p(w), the mean
cosine of w with the others (eq. 2), the least first. The outlier's position OP is the number of cluster words
that fit better, from 0 to n. The accuracy is the share of questions with OP = n, the outlier position
percentage OPP the mean of OP / n; both are given as shares of 1 here. A tie counts against the outlier.

An unknown word of a cluster leaves it, and a question needs two known words of the cluster and the outlier:
the paper's scorer counts unknown words as zero vectors instead, which is `unknown="zero"`. It finds an
unknown outlier easily, since its cosines are 0 where those of the cluster are positive.

Accuracies have Wilson's interval, the OPP its like for graded scores (`embedkit.statistics.shares.graded`).
Both take questions as independent; those of a topic share its cluster and are not quite.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Floats2d
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.outlier_items import CLUSTER, OutlierBenchmark, OutlierTopic
from embedkit.evaluation.multiword import entry_vectors
from embedkit.evaluation.paired import Paired, right_or_wrong
from embedkit.evaluation.result_row import ResultRow
from embedkit.evaluation.similarity import Unknown
from embedkit.evaluation.word_lookup import VocabularyLookup
from embedkit.statistics.intervals import CONFIDENCE, Estimate, wilson
from embedkit.statistics.shares import graded
from embedkit.vectors.embeddings import Embeddings

NO_QUESTION = "nothing is covered: no topic has two known words and a known outlier"
TIE = 1e-6  # sums of cosines closer than this are equal but for rounding


class Answers(NamedTuple):
    """OP / n of each question of a part, (n,), NaN where it is not counted, and which are covered, (n,)."""

    positions: Doubles1d
    covered: Bools1d


class OutlierScore(NamedTuple):
    """The accuracy and the OPP of all questions or of one topic, as shares of 1."""

    part: str
    accuracy: Estimate
    opp: Estimate
    covered: int
    total: int


@dataclass(frozen=True, eq=False)
class OutlierResult:
    """What `evaluate_outliers` found.

    `scores` begin with the part "total", the topics follow. `positions` (n,) hold OP / n of a question each,
    in the order of the benchmark: 1 for an outlier that is found, NaN for a question that is not counted.
    `known` (n,) says which questions are covered.
    """

    benchmark: str
    unknown: Unknown
    scores: tuple[OutlierScore, ...]
    positions: Doubles1d
    known: Bools1d
    warnings: tuple[str, ...]

    @property
    def total(self) -> OutlierScore:
        """The score of all questions."""
        return self.scores[0]

    @property
    def outcomes(self) -> Doubles1d:
        """Whether each outlier is found, (n,): 1 right, 0 wrong, NaN not counted."""
        return np.where(np.isnan(self.positions), np.nan, self.positions == 1)

    def rows(self) -> list[ResultRow]:
        """Two rows a part: its accuracy and its OPP."""
        return [
            ResultRow(self.benchmark, score.part, metric, *estimate.numbers, score.covered, score.total)
            for score in self.scores
            for metric, estimate in (("accuracy", score.accuracy), ("OPP", score.opp))
        ]

    def paired(self, other: OutlierResult) -> Paired:
        """Which outliers this space and another find, of the questions that both cover."""
        return right_or_wrong("accuracy", (self.outcomes, other.outcomes), self.known & other.known)


def evaluate_outliers(
    vectors: Embeddings,
    benchmark: OutlierBenchmark,
    unknown: Unknown = "leave-out",
    *,
    lowercase: bool = False,
    only: Container[str] | None = None,
    confidence: float = CONFIDENCE,
) -> OutlierResult:
    """Look for the outlier of each question.

    Args:
        vectors: the space.
        benchmark: the topics; entries of several words are treated as `embedkit.evaluation.multiword` says.
        unknown: "leave-out" unknown words, or count their cosines as "zero".
        lowercase: look the words up in lower case.
        only: the words that count as known if the vectors have them; by default all.
        confidence: confidence level of the intervals.

    Raises:
        InputError: another treatment of unknown words.

    Example:
        >>> import embedkit
        >>> pets = OutlierTopic("pets", ("cat", "dog", "hamster"), ("lawyer", "tax"))
        >>> result = evaluate_outliers(embedkit.load(), OutlierBenchmark("mine", (pets,)))
        >>> result.total.accuracy.value
        1.0
    """
    if unknown not in ("leave-out", "zero"):
        raise InputError(f"expected unknown words to be 'leave-out' or 'zero', got {unknown!r}")
    words = benchmark.words
    looked_up = VocabularyLookup(vectors.vocabulary, lowercase=lowercase, only=only).look_up(
        [(w,) for w in words]
    )
    rows = dict(zip(words, looked_up.rows[:, 0].tolist(), strict=True))
    topics = [_answers(vectors, rows, topic, unknown) for topic in benchmark.topics]
    everything = Answers(*(np.concatenate(column) for column in zip(*topics, strict=True)))
    parts = zip(("total", *(topic.name for topic in benchmark.topics)), (everything, *topics), strict=True)
    nothing = looked_up.known.any() and not everything.covered.any()
    return OutlierResult(
        benchmark=benchmark.name,
        unknown=unknown,
        scores=tuple(_score(part, answers, confidence) for part, answers in parts),
        positions=everything.positions,
        known=everything.covered,
        warnings=((NO_QUESTION,) if nothing else ()) + looked_up.warnings,
    )


def outlier_positions(cluster: Floats2d, outliers: Floats2d) -> Doubles1d:
    """OP / n of each of `outliers` (o, D) among the n words of `cluster` (n, D), all of length 1 or 0; (o,).

    It is the share of the words of the cluster whose p is higher than the outlier's.
    """
    cluster, outliers = cluster.astype(np.float64), outliers.astype(np.float64)
    within = cluster @ cluster.T
    np.fill_diagonal(within, 0)
    across = outliers @ cluster.T  # (o, n)
    fit = within.sum(axis=1) + across  # n p(w) of the cluster's words, for each outlier
    better = fit > across.sum(axis=1, keepdims=True) + TIE
    positions: Doubles1d = better.mean(axis=1)
    return positions


def _answers(vectors: Embeddings, rows: Mapping[str, int], topic: OutlierTopic, unknown: Unknown) -> Answers:
    cluster = entry_vectors(vectors, rows, topic.cluster)
    outliers = entry_vectors(vectors, rows, topic.outliers)
    covered = outliers.known & (np.count_nonzero(cluster.known) >= CLUSTER)
    if unknown == "zero":
        return Answers(outlier_positions(cluster.unit, outliers.unit), covered)
    positions = np.full(len(covered), np.nan)
    if covered.any():
        positions[covered] = outlier_positions(cluster.unit[cluster.known], outliers.unit[covered])
    return Answers(positions, covered)


def _score(part: str, answers: Answers, confidence: float) -> OutlierScore:
    counted = answers.positions[~np.isnan(answers.positions)]
    right, count = int(np.count_nonzero(counted == 1)), len(counted)
    accuracy = Estimate(right / count if count else None, wilson(right, count, confidence))
    opp = Estimate(float(counted.mean()) if count else None, graded(counted, confidence))
    return OutlierScore(part, accuracy, opp, int(np.count_nonzero(answers.covered)), len(answers.covered))

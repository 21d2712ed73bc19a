"""How well vectors tell a word that does not belong: outlier detection (Camacho-Collados and Navigli 2016).

A question is a cluster of n words with one outlier. The compactness c(w) of the set without w (eq. 1 of the
paper) is greatest without the word that fits least; the same order follows at less cost from p(w), the mean
cosine of w with the others (eq. 2), the least first. The outlier's position OP is the number of cluster words
that fit better, from 0 to n. The accuracy is the share of questions with OP = n, the outlier position
percentage OPP the mean of OP / n; both are given as shares of 1 here. A tie counts against the outlier.

An unknown word of a cluster leaves it, and a question needs two known words of the cluster and the outlier:
the paper's scorer counts unknown words as zero vectors instead, which is `unknown="zero"`. It finds an
unknown outlier easily, since its cosines are 0 where those of the cluster are positive.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.errors import InputError
from embedkit.evaluation.entries import entry_vectors, entry_words
from embedkit.evaluation.outlier_items import CLUSTER, OutlierBenchmark, Topic
from embedkit.evaluation.rows import Row
from embedkit.evaluation.similarity import Unknown
from embedkit.evaluation.spellings import Spellings, all_known, coverage_warnings
from embedkit.statistics.intervals import Estimate, estimate, wilson
from embedkit.vectors.embeddings import Embeddings
from embedkit.vectors.rows import FloatMatrix

TIE = 1e-6  # sums of cosines closer than this are equal but for rounding


class Answers(NamedTuple):
    """OP / n of each question of a part, (n,), NaN where it is not counted, and which are covered, (n,)."""

    positions: NDArray[np.float64]
    covered: NDArray[np.bool_]


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
    """

    benchmark: str
    unknown: Unknown
    scores: tuple[OutlierScore, ...]
    positions: NDArray[np.float64]
    warnings: tuple[str, ...]

    @property
    def total(self) -> OutlierScore:
        """The score of all questions."""
        return self.scores[0]

    @property
    def outcomes(self) -> NDArray[np.float64]:
        """Whether each outlier is found, (n,): 1 right, 0 wrong, NaN not counted."""
        return np.where(np.isnan(self.positions), np.nan, self.positions == 1)

    def rows(self) -> list[Row]:
        """Two rows a part: its accuracy and its OPP."""
        return [
            Row(self.benchmark, score.part, metric, *found.numbers, score.covered, score.total)
            for score in self.scores
            for metric, found in (("accuracy", score.accuracy), ("OPP", score.opp))
        ]


def evaluate_outliers(
    vectors: Embeddings,
    benchmark: OutlierBenchmark,
    unknown: Unknown = "leave-out",
    *,
    lowercase: bool = False,
    resamples: int = 1000,
    seed: int = 1,
    confidence: float = 0.95,
) -> OutlierResult:
    """Look for the outlier of each question.

    Args:
        vectors: the space.
        benchmark: the topics; entries of several words are treated as `embedkit.evaluation.entries` says.
        unknown: "leave-out" unknown words, or count their cosines as "zero".
        lowercase: look the words up in lower case.
        resamples: of the bootstrap intervals of the OPP, which draw questions; accuracies have Wilson's.
        seed: of the same.
        confidence: of all intervals.

    Raises:
        InputError: another treatment of unknown words.
    """
    if unknown not in ("leave-out", "zero"):
        raise InputError(f"expected unknown words to be 'leave-out' or 'zero', got {unknown!r}")
    spellings = Spellings(vectors.vocabulary, lowercase=lowercase)
    topics = [_answers(vectors, spellings, topic, unknown) for topic in benchmark.topics]
    everything = Answers(*(np.concatenate(column) for column in zip(*topics, strict=True)))
    parts = zip(("total", *(topic.name for topic in benchmark.topics)), (everything, *topics), strict=True)
    estimated = partial(estimate, resamples=resamples, seed=seed, confidence=confidence)
    return OutlierResult(
        benchmark=benchmark.name,
        unknown=unknown,
        scores=tuple(_score(part, answers, estimated, confidence) for part, answers in parts),
        positions=everything.positions,
        warnings=_warnings(spellings, benchmark, everything.covered),
    )


def outlier_positions(cluster: FloatMatrix, outliers: FloatMatrix) -> NDArray[np.float64]:
    """OP / n of each of `outliers` (o, D) among the n words of `cluster` (n, D), all of length 1 or 0; (o,).

    It is the share of the words of the cluster whose p is higher than the outlier's.
    """
    cluster, outliers = cluster.astype(np.float64), outliers.astype(np.float64)
    within = cluster @ cluster.T
    np.fill_diagonal(within, 0)
    across = outliers @ cluster.T  # (o, n)
    fit = within.sum(axis=1) + across  # n p(w) of the cluster's words, for each outlier
    better = fit > across.sum(axis=1, keepdims=True) + TIE
    positions: NDArray[np.float64] = better.mean(axis=1)
    return positions


def _answers(vectors: Embeddings, spellings: Spellings, topic: Topic, unknown: Unknown) -> Answers:
    cluster = entry_vectors(vectors, spellings, topic.cluster)
    outliers = entry_vectors(vectors, spellings, topic.outliers)
    covered = outliers.known & (np.count_nonzero(cluster.known) >= CLUSTER)
    if unknown == "zero":
        return Answers(outlier_positions(cluster.unit, outliers.unit), covered)
    positions = np.full(len(covered), np.nan)
    if covered.any():
        positions[covered] = outlier_positions(cluster.unit[cluster.known], outliers.unit[covered])
    return Answers(positions, covered)


def _score(
    part: str, answers: Answers, estimated: Callable[..., Estimate], confidence: float
) -> OutlierScore:
    counted = answers.positions[~np.isnan(answers.positions)]
    found, count = int(np.count_nonzero(counted == 1)), len(counted)
    accuracy = Estimate(found / count if count else None, wilson(found, count, confidence))
    opp = estimated(lambda drawn: drawn.mean(axis=-1), counted)
    return OutlierScore(part, accuracy, opp, int(np.count_nonzero(answers.covered)), len(answers.covered))


def _warnings(
    spellings: Spellings, benchmark: OutlierBenchmark, covered: NDArray[np.bool_]
) -> tuple[str, ...]:
    """Those about words; if some are known and still no question is covered, that."""
    words = entry_words(benchmark.entries)
    known = all_known(spellings.rows(words))
    warnings = coverage_warnings(spellings, words, known)
    if known.any() and not covered.any():
        return ("nothing is covered: no topic has two known words and a known outlier", *warnings)
    return warnings

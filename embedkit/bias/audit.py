"""`audit`: all bias metrics that apply to a topic, on one space or on what debiasing made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from embedkit.bias.applicable_metrics import AuditContext, Metric, applicable_metrics
from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.most_biased import check_same_words
from embedkit.bias.metrics.single_category import single_category_weat
from embedkit.bias.subspace import Subspace, subspace
from embedkit.bias.topics.topic import Topic, as_topic
from embedkit.bias.topics.word_lists import MIN_COVERAGE
from embedkit.errors import InputError
from embedkit.hyperparameters import check_seed
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings


class AuditRow(NamedTuple):
    """A metric and what came of it: a measurement, or why there is none.

    `subject` tells metrics of the same name apart; `unbiased` is the value without bias.
    """

    metric: str
    subject: str
    unbiased: float
    measurement: Measurement | None
    refused: str | None

    @property
    def title(self) -> str:
        """The metric and what it is of: "WEAT: math-arts"."""
        return f"{self.metric}: {self.subject}" if self.subject else self.metric

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "metric": self.metric,
            "subject": self.subject,
            "unbiased": self.unbiased,
            "measurement": self.measurement and self.measurement.as_dict(),
            "refused": self.refused,
        }


@dataclass(frozen=True, eq=False)
class Audit:
    """The bias of vectors for a topic.

    Args:
        topic: whose bias it is.
        subspace: the bias subspace of the original vectors, of one component less than classes.
        rows: the metrics, those of the same name one after the other.
        sc_weat: for a topic of two classes, SC-WEAT of each neutral word: above 0 for the first class.
        seed: the random seed.
    """

    topic: Topic
    subspace: Subspace
    rows: tuple[AuditRow, ...]
    sc_weat: tuple[Measurement, ...]
    seed: int

    def __repr__(self) -> str:
        return f"<Audit of {self.topic.name}: {len(self.rows)} metrics>"

    def __getitem__(self, title: str) -> Measurement:
        """The measurement of a row by its title, such as "WEAT: math-arts".

        Raises:
            InputError: there is none.
        """
        measurements = {row.title: row.measurement for row in self.rows}
        if (measurement := measurements.get(title)) is None:
            measured = ", ".join(name for name, value in measurements.items() if value)
            raise InputError(f"expected a measure of {measured}, got {title!r}")
        return measurement

    @property
    def projections(self) -> dict[str, float]:
        """The cosine of each neutral word with the bias direction; {} if it was not measured.

        For a subspace of several directions it is the length of the word's projection.
        """
        direct = next((row.measurement for row in self.rows if row.metric == "direct bias"), None)
        return dict(direct.details["words"]) if direct else {}

    def as_dict(self) -> dict[str, Any]:
        """All of it, ready for JSON."""
        return {
            "topic": self.topic.name,
            "classes": list(self.topic.classes),
            "fingerprint": self.topic.fingerprint,
            "explained": self.subspace.explained,
            "definitional": self.subspace.words,
            "lowercased": self.subspace.lowercased,
            "seed": self.seed,
            "metrics": [row.as_dict() for row in self.rows],
            "sc_weat": [measurement.as_dict() for measurement in self.sc_weat],
        }


def audit(
    vectors: Embeddings,
    topic: str | Path | Topic = "gender",
    *,
    original: Embeddings | None = None,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
    progress: Progress = SILENT,
) -> Audit:
    """Measure the bias of a topic by all metrics that apply to it.

    Args:
        vectors: the space.
        topic: the name of a topic that ships, a file, or a `Topic`.
        original: the space before debiasing, of the same words: its bias directions and its most biased
            words are those that `vectors` are measured by. By default `vectors` themselves.
        seed: the random seed.
        min_coverage: the share of each word list that must be known.
        progress: told about each metric.

    Raises:
        InputError: the topic cannot be read, less than half of its definitional sets are known, or the
            spaces differ in their words. A metric that the words do not allow is a row that says so.

    Example:
        >>> from embedkit import Embeddings, Topic, Vocabulary
        >>> words = ["she", "he", "nurse", "smith"]
        >>> vectors = Embeddings([[1, 1], [-1, 1], [0.6, 0.8], [-0.6, 0.8]], Vocabulary(words))
        >>> topic = Topic("sex", {"f": ["she"], "m": ["he"]}, [["she", "he"]], neutral=["nurse", "smith"])
        >>> measured = audit(vectors, topic)
        >>> round(measured["direct bias"].value, 3)
        0.6
        >>> {word: round(cosine, 3) for word, cosine in measured.projections.items()}
        {'nurse': 0.6, 'smith': -0.6}
    """
    check_seed(seed)
    before = vectors if original is None else original
    check_same_words(before, vectors)
    chosen = as_topic(topic)
    directions = subspace(before, chosen, components=None)
    metrics = list(applicable_metrics(AuditContext(vectors, before, chosen, seed, min_coverage)))
    progress.start("measuring bias", len(metrics))
    rows = []
    for done, metric in enumerate(metrics):
        progress.update(done, metric.name)
        rows.append(_row(metric))
    sc_weat = _sc_weat(vectors, chosen, seed, min_coverage)
    progress.finish(f"{sum(row.measurement is not None for row in rows)} metrics")
    return Audit(chosen, directions, tuple(rows), sc_weat, seed)


def _row(metric: Metric) -> AuditRow:
    """The metric with its measurement, or with the reason why the words do not allow it."""
    try:
        return AuditRow(metric.name, metric.subject, metric.unbiased, metric.measure(), None)
    except InputError as error:
        return AuditRow(metric.name, metric.subject, metric.unbiased, None, str(error))


def _sc_weat(vectors: Embeddings, topic: Topic, seed: int, min_coverage: float) -> tuple[Measurement, ...]:
    """SC-WEAT of each neutral word; none where the words do not allow it, as a row of the audit says."""
    if len(topic.classes) != 2 or not topic.neutral:
        return ()
    first, second = topic.classes.values()
    try:
        return tuple(
            single_category_weat(vectors, topic.neutral, first, second, seed=seed, min_coverage=min_coverage)
        )
    except InputError:
        return ()

"""`audit`: all measures of bias that apply to a topic, on one space or on what debiasing made of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from embedkit.bias.applicable_metrics import Ground, measures_of
from embedkit.bias.metrics.measurement import Measurement
from embedkit.bias.metrics.most_biased import check_same_words
from embedkit.bias.metrics.single_category import single_category_weat
from embedkit.bias.subspace import Subspace, subspace
from embedkit.bias.topics.topic import Topic
from embedkit.bias.topics.topic import topic as find_topic
from embedkit.bias.topics.word_lists import LEAST
from embedkit.errors import InputError
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings


class AuditRow(NamedTuple):
    """A measure and what came of it: a measurement, or why there is none.

    `subject` tells measures of the same name apart; `unbiased` is the value without bias.
    """

    measure: str
    subject: str
    unbiased: float
    measurement: Measurement | None
    refused: str | None

    @property
    def title(self) -> str:
        """The measure and what it is of: "WEAT: math-arts"."""
        return f"{self.measure}: {self.subject}" if self.subject else self.measure


@dataclass(frozen=True, eq=False)
class Audit:
    """What was measured of a topic.

    Args:
        topic: whose bias it is.
        subspace: the directions along which it was measured, with one component less than classes.
        rows: the measures, those of the same name one after the other.
        leaning: for a topic of two classes, SC-WEAT of each neutral word: above 0 it leans to the first.
        seed: of all that was drawn.
    """

    topic: Topic
    subspace: Subspace
    rows: tuple[AuditRow, ...]
    leaning: tuple[Measurement, ...]
    seed: int

    def __getitem__(self, title: str) -> Measurement:
        """The measurement of a row by its title, such as "WEAT: math-arts".

        Raises:
            InputError: there is none.
        """
        found = {row.title: row.measurement for row in self.rows}
        if (measurement := found.get(title)) is None:
            measured = ", ".join(name for name, value in found.items() if value)
            raise InputError(f"expected a measure of {measured}, got {title!r}")
        return measurement

    @property
    def positions(self) -> dict[str, float]:
        """Where each neutral word lies along the direction, or for several how far out; {} if not known."""
        direct = next((row.measurement for row in self.rows if row.measure == "direct bias"), None)
        return dict(direct.details["words"]) if direct else {}


def audit(
    vectors: Embeddings,
    topic: str | Path | Topic = "gender",
    *,
    original: Embeddings | None = None,
    seed: int = 1,
    least: float = LEAST,
    progress: Progress = SILENT,
) -> Audit:
    """Measure the bias of a topic.

    Args:
        vectors: the space.
        topic: the name of a topic that ships, a file, or a `Topic`.
        original: the space before debiasing, of the same words: its directions and its biased words are the
            yardstick for `vectors`. By default `vectors` themselves.
        seed: of all that is drawn.
        least: the share of a list of words that must be known.
        progress: told about each measure.

    Raises:
        InputError: the topic cannot be read, less than half of its definitional sets are known, or the
            spaces differ in their words. A measure that the words do not allow is a row that says so.
    """
    before = vectors if original is None else original
    check_same_words(before, vectors)
    chosen = topic if isinstance(topic, Topic) else find_topic(topic)
    directions = subspace(before, chosen, components=None)
    measures = list(measures_of(Ground(vectors, before, chosen, seed, least)))
    progress.start("measuring bias", len(measures))
    rows = []
    for done, measure in enumerate(measures):
        progress.update(done, measure.name)
        try:
            row = AuditRow(measure.name, measure.subject, measure.unbiased, measure.take(), None)
        except InputError as error:
            row = AuditRow(measure.name, measure.subject, measure.unbiased, None, str(error))
        rows.append(row)
    leaning = _leaning(vectors, chosen, seed, least)
    progress.finish(f"{sum(row.measurement is not None for row in rows)} measures")
    return Audit(chosen, directions, tuple(rows), leaning, seed)


def _leaning(vectors: Embeddings, topic: Topic, seed: int, least: float) -> tuple[Measurement, ...]:
    """SC-WEAT of each neutral word; none where the words do not allow it, as a row of the audit says."""
    if len(topic.classes) != 2 or not topic.neutral:
        return ()
    first, second = topic.classes.values()
    try:
        return tuple(single_category_weat(vectors, topic.neutral, first, second, seed=seed, least=least))
    except InputError:
        return ()

"""`Findings` and `Outcome`: what `embedkit bias` finds of vectors, and `embedkit debias` before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from embedkit import Embeddings
from embedkit.bias.applicable_metrics import REMAINS
from embedkit.bias.audit import Audit, AuditRow, audit
from embedkit.bias.examples import AskedBothWays, Stereotypes, famous_examples, stereotypes
from embedkit.bias.topics.topic import Topic
from embedkit.evaluation.benchmarks.detection import Benchmark
from embedkit.evaluation.comparison import Comparison, compare, enough_resamples
from embedkit.progress import Progress
from embedkit.vectors.lookup import is_lowercase
from embedkit_cli.evaluation.report import Space

GENDER = "gender"


@dataclass(frozen=True, eq=False)
class Findings:
    """An audit of vectors, with analogies that show what its numbers mean.

    `stereotypes` is None for topics of more than two classes; `famous` is there for gender.
    """

    space: Space
    audit: Audit
    stereotypes: Stereotypes | None
    famous: Sequence[AskedBothWays]


@dataclass(frozen=True, eq=False)
class Outcome:
    """Vectors before and after debiasing: audits of both, and what it cost.

    Both are audited at length 1, as some methods bring vectors to it. In `costs`, a is after and b before.
    """

    space: Space
    debiased: Embeddings
    method: str
    before: Audit
    after: Audit
    costs: Sequence[Comparison]

    @property
    def story(self) -> dict[str, Any]:
        """What the metadata of the debiased vectors tell of the method."""
        story: dict[str, Any] = self.debiased.metadata["transforms"][-1]
        return story

    @property
    def pairs(self) -> list[tuple[AuditRow | None, AuditRow]]:
        """The rows of both audits side by side; before, a direction found anew is the direction itself."""
        before = {row.title: row for row in self.before.rows}
        return [(before.get(row.title, before.get(row.measure)), row) for row in self.after.rows]

    @property
    def recovered(self) -> AuditRow | None:
        """Of what a classifier recovers after debiasing, the row of the highest accuracy."""
        rows = [row for row in self.after.rows if row.measure == REMAINS[-1] and row.measurement]
        return max(rows, key=lambda row: row.measurement.value if row.measurement else 0, default=None)


def find_bias(space: Space, topic: Topic, top: int, progress: Progress, **settings: Any) -> Findings:
    """Audit vectors, and find the analogies; `settings` are those of `audit`."""
    found = audit(space.vectors, topic, progress=progress, **settings)
    return Findings(space, found, *examples(space.vectors, topic, top))


def examples(
    vectors: Embeddings, topic: Topic, top: int
) -> tuple[Stereotypes | None, Sequence[AskedBothWays]]:
    """The analogies of a topic: stereotypes for two classes, the famous examples for gender."""
    generated = stereotypes(vectors, topic, top) if len(topic.classes) == 2 else None
    return generated, famous_examples(vectors) if topic.name == GENDER else ()


def find_outcome(
    space: Space,
    topic: Topic,
    name: str,
    method: Any,
    benchmarks: Sequence[Benchmark],
    progress: Progress,
    *,
    seed: int,
    least: float,
) -> Outcome:
    """Debias vectors by `method`, called `name`, and hold them against what they were.

    `seed` and `least` are those of `audit`.
    """
    progress.start(f"debiasing for {topic.name}")
    debiased = method.apply(space.vectors, topic)
    progress.finish()
    original, changed = space.vectors.normalize(), debiased.normalize()
    settings: dict[str, Any] = {"seed": seed, "least": least, "progress": progress}
    before = audit(original, topic, **settings)
    after = audit(changed, topic, original=original, **settings)
    progress.start("scoring before and after")
    folds = is_lowercase(space.vectors)
    costs = compare(
        debiased,
        space.vectors,
        benchmarks,
        lowercase=(folds, folds),
        resamples=enough_resamples(len(benchmarks)),
        seed=seed,
    )
    progress.finish(f"{len(benchmarks)} benchmarks")
    return Outcome(space, debiased, name, before, after, costs)

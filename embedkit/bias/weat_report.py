"""`weat_report`: association tests on several spaces side by side, and the ranking of the spaces.

Spaces are ranked by the mean of their absolute effect sizes, over the tests that all of them know enough
words of, as WEFE does (Badilla, Bravo-Marquez and Perez 2020, "WEFE: the word embeddings fairness evaluation
framework", IJCAI). Each space is measured on the words that it knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from embedkit.bias.metrics.measurement import Alternative, Measurement
from embedkit.bias.metrics.partitions import PERMUTATIONS
from embedkit.bias.metrics.stimuli import CALISKAN, WeatTest, weat_tests
from embedkit.bias.metrics.weat import weat
from embedkit.bias.topics.word_lists import MIN_COVERAGE
from embedkit.errors import InputError
from embedkit.progress import SILENT, Progress
from embedkit.vectors.embeddings import Embeddings


class WeatRow(NamedTuple):
    """A test on a space: a measurement or, where too few words are known, why there is none."""

    vectors: str
    test: WeatTest
    measurement: Measurement | None
    refused: str | None

    def as_dict(self) -> dict[str, Any]:
        """All of it but the words, ready for JSON."""
        return {
            "test": self.test.name,
            "published": dict(self.test.published),
            "measurement": self.measurement and self.measurement.as_dict(),
            "refused": self.refused,
        }


class RankedSpace(NamedTuple):
    """A space and the mean of its absolute effect sizes; `rank` 1 has the smallest, equal means share one."""

    rank: int
    vectors: str
    mean_absolute_effect: float


@dataclass(frozen=True, eq=False)
class WeatReport:
    """What `weat_report` found.

    Args:
        spaces: the vectors by the names that tables call them.
        tests: the association tests.
        rows: a test on a space, those of a test one after the other.
        seed: the random seed.
    """

    spaces: Mapping[str, Embeddings]
    tests: tuple[WeatTest, ...]
    rows: tuple[WeatRow, ...]
    seed: int

    @property
    def shared(self) -> tuple[str, ...]:
        """The names of the tests that were measured on all spaces, without variants of others of them."""
        refused = {row.test.name for row in self.rows if row.measurement is None}
        measured = {test.name: test.variant_of for test in self.tests if test.name not in refused}
        return tuple(name for name, original in measured.items() if original not in measured)

    @property
    def ranking(self) -> tuple[RankedSpace, ...]:
        """The spaces, the least biased first; () if no test was measured on all of them."""
        shared = self.shared
        effects: dict[str, list[float]] = {name: [] for name in self.spaces if shared}
        for row in self.rows:
            if row.measurement and row.test.name in shared:
                effects[row.vectors].append(abs(row.measurement.value))
        means = {name: fmean(values) for name, values in effects.items()}
        ranks = {name: 1 + sum(other < mean for other in means.values()) for name, mean in means.items()}
        order = sorted(means, key=lambda name: ranks[name])
        return tuple(RankedSpace(ranks[name], name, means[name]) for name in order)

    def of(self, vectors: str) -> list[WeatRow]:
        """The rows of one space, in the order of the tests."""
        return [row for row in self.rows if row.vectors == vectors]

    def as_dict(self) -> dict[str, Any]:
        """All of it but vectors and words, ready for JSON."""
        return {
            "spaces": [
                {"vectors": name, "tests": [row.as_dict() for row in self.of(name)]} for name in self.spaces
            ],
            "shared": list(self.shared),
            "ranking": [ranked._asdict() for ranked in self.ranking],
        }


def weat_report(
    spaces: Mapping[str, Embeddings],
    tests: str | Path | Sequence[WeatTest] = CALISKAN,
    *,
    alternative: Alternative = "greater",
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
    progress: Progress = SILENT,
) -> WeatReport:
    """Measure association tests on spaces, one-sided as in Caliskan et al. (2017) unless told otherwise.

    Args:
        spaces: vectors by the names that tables call them.
        tests: "caliskan-2017" for those that ship, a file as `weat_tests` reads it, or the tests.
        alternative: which effect sizes count as extreme; "greater" is that X goes with A.
        permutations: partitions that are drawn if there are too many to enumerate.
        seed: random seed of the draws.
        min_coverage: the share of each list that must be known.
        progress: told about each test.

    Raises:
        InputError: no vectors, vectors without names, or tests that cannot be read. A test of which a space
            knows too few words is a row that says so.

    Example:
        >>> import embedkit
        >>> vectors = embedkit.load()
        >>> spaces = {"whole": vectors, "shuffled": vectors.transformed(vectors.matrix[::-1], "reversed")}
        >>> report = weat_report(spaces, permutations=99)
        >>> [(ranked.rank, ranked.vectors) for ranked in report.ranking]
        [(1, 'shuffled'), (2, 'whole')]
    """
    if not isinstance(spaces, Mapping):
        raise InputError(f"expected vectors by name, as in {{'mine': vectors}}, got {spaces!r:.80}")
    chosen = weat_tests(tests) if isinstance(tests, str | Path) else tuple(tests)
    if not spaces or not chosen:
        raise InputError(f"expected vectors and tests, got {len(spaces)} and {len(chosen)}")
    progress.start("measuring associations", len(spaces) * len(chosen))
    rows: list[WeatRow] = []
    for test in chosen:
        for name, vectors in spaces.items():
            progress.update(len(rows), f"{test.name}, {name}")
            try:
                measured = weat(
                    vectors,
                    test.x,
                    test.y,
                    test.a,
                    test.b,
                    alternative=alternative,
                    permutations=permutations,
                    seed=seed,
                    min_coverage=min_coverage,
                )
            except InputError as error:
                rows.append(WeatRow(name, test, None, str(error)))
            else:
                rows.append(WeatRow(name, test, measured, None))
    progress.finish(f"{sum(row.measurement is not None for row in rows)} of {len(rows)} measured")
    return WeatReport(dict(spaces), chosen, tuple(rows), seed)

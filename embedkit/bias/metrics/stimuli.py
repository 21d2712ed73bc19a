"""The ten association tests of Caliskan, Bryson and Narayanan (2017), as `corpora/weat.toml` has them.

To reproduce the published effect sizes, load the vectors of the paper and call `audit_weat`. Against
`published["glove"]` stands glove.840B.300d from https://nlp.stanford.edu/projects/glove/, against
`published["word2vec"]` GoogleNews-vectors-negative300 from https://code.google.com/archive/p/word2vec/:

    from embedkit import Embeddings
    from embedkit.bias.metrics.stimuli import audit_weat

    for row in audit_weat(Embeddings.load("glove.840B.300d.txt")):
        print(row.test.name, row.measurement and row.measurement.value, row.test.published["glove"])
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from embedkit.bias.metrics.measurement import Alternative, Measurement
from embedkit.bias.metrics.partitions import PERMUTATIONS
from embedkit.bias.metrics.weat import weat
from embedkit.bias.topics.word_lists import MIN_COVERAGE
from embedkit.errors import InputError
from embedkit.shipped_files import shipped_path
from embedkit.vectors.embeddings import Embeddings


@dataclass(frozen=True)
class WeatTest:
    """One association test: are the words of `x` rather than those of `y` like `a` rather than `b`?

    Args:
        name: such as "math-arts".
        labels: what the lists "x", "y", "a" and "b" are.
        x: target words.
        y: other target words.
        a: attribute words.
        b: other attribute words.
        left_out: words of "x" and "y" in the source that the paper does not use.
        published: the effect sizes of the paper, for "glove" and "word2vec".
        source: the study that the words come from.
    """

    name: str
    labels: Mapping[str, str]
    x: tuple[str, ...]
    y: tuple[str, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    left_out: Mapping[str, tuple[str, ...]]
    published: Mapping[str, float]
    source: str

    @property
    def title(self) -> str:
        """What is asked, in words."""
        return "{x} or {y}: {a} or {b}".format_map(self.labels)


class WeatRow(NamedTuple):
    """A test and what came of it: a measurement or, where too few words are known, why there is none."""

    test: WeatTest
    measurement: Measurement | None
    refused: str | None


@cache
def weat_tests() -> tuple[WeatTest, ...]:
    """The ten tests, in the order of the paper."""
    entries = tomllib.loads(shipped_path("weat.toml").read_text(encoding="utf-8"))
    return tuple(_test(name, entry) for name, entry in entries.items())


def weat_test(name: str) -> WeatTest:
    """The test of this name.

    Raises:
        InputError: there is none; the names are listed.

    Example:
        >>> test = weat_test("math-arts")
        >>> test.x[:2], test.published["glove"]
        (('math', 'algebra'), 1.06)
    """
    tests = {test.name: test for test in weat_tests()}
    if name not in tests:
        raise InputError(f"expected an association test ({', '.join(tests)}), got {name!r}")
    return tests[name]


def audit_weat(
    vectors: Embeddings,
    *,
    alternative: Alternative = "greater",
    permutations: int = PERMUTATIONS,
    seed: int = 1,
    min_coverage: float = MIN_COVERAGE,
) -> list[WeatRow]:
    """All ten tests on a space, one-sided as in the paper unless told otherwise.

    Example:
        >>> import embedkit
        >>> rows = audit_weat(embedkit.load().subset(5000), permutations=99)
        >>> [row.test.name for row in rows if row.measurement]
        ['science-arts']
    """
    rows = []
    for test in weat_tests():
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
            rows.append(WeatRow(test, None, str(error)))
        else:
            rows.append(WeatRow(test, measured, None))
    return rows


def _test(name: str, entry: Mapping[str, object]) -> WeatTest:
    fields = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    left_out = entry.get("left_out", {})
    fields["left_out"] = {key: tuple(words) for key, words in left_out.items()}  # type: ignore[attr-defined]
    return WeatTest(name=name, **fields)  # type: ignore[arg-type]

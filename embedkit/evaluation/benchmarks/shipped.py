"""The benchmarks bundled with embedkit; corpora/ says of each how it was made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from embedkit.evaluation.benchmarks.detection import Benchmark, read_benchmark
from embedkit.shipped_files import shipped_path


def _read(name: str) -> Benchmark:
    """The benchmark of this name."""
    return read_benchmark(shipped_path(f"{name}.txt"), name)


class Shipped(NamedTuple):
    """A benchmark that ships: its kind, and what reads it."""

    kind: str
    read: Callable[[], Benchmark]


SHIPPED = {
    "english-analogies": Shipped("analogies", partial(_read, "english-analogies")),
    "english-similarity": Shipped("similarity", partial(_read, "english-similarity")),
    "english-categories": Shipped("categorization", partial(_read, "english-categories")),
    "english-outliers": Shipped("outliers", partial(_read, "english-outliers")),
    "atlas": Shipped("analogies", partial(_read, "atlas")),
}
DEFAULTS = tuple(name for name in SHIPPED if name != "atlas")  # atlas is for vectors of its own corpus

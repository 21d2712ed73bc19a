"""The benchmarks that ship with embedkit, all of our own making; corpora/ says of each how it was made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from embedkit.evaluation.analogy_items import AnalogyBenchmark
from embedkit.evaluation.reading import Benchmark, read_benchmark


def _questions(name: str, module: str) -> AnalogyBenchmark:
    """The analogies that a module of the data package generates."""
    questions = import_module(f"embedkit_corpora.{module}").questions()
    return AnalogyBenchmark(name, tuple(questions))


def _file(name: str) -> Benchmark:
    """The benchmark in the file of this name in the data package."""
    folder = Path(import_module("embedkit_corpora").__path__[0])
    return read_benchmark(folder / f"{name}.txt", name)


class Shipped(NamedTuple):
    """A benchmark that ships: its kind, and what reads it."""

    kind: str
    read: Callable[[], Benchmark]


SHIPPED = {
    "english-analogies": Shipped("analogies", partial(_questions, "english-analogies", "english")),
    "english-similarity": Shipped("similarity", partial(_file, "english-similarity")),
    "english-categories": Shipped("categorization", partial(_file, "english-categories")),
    "english-outliers": Shipped("outliers", partial(_file, "english-outliers")),
    "atlas": Shipped("analogies", partial(_questions, "atlas", "atlas")),
}
DEFAULTS = tuple(name for name in SHIPPED if name != "atlas")  # atlas is for vectors of its own corpus

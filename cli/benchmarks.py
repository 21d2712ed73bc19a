"""The benchmarks that a command line asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from embedkit.errors import InputError
from embedkit.evaluation.catalogue import PUBLIC, find_benchmark, locate
from embedkit.evaluation.reading import Benchmark
from embedkit.evaluation.shipped import DEFAULTS
from embedkit.progress import Progress


def benchmarks_named(
    names: Sequence[str], data: Path | None, fetch: bool, progress: Progress
) -> list[Benchmark]:
    """The benchmarks of these names and paths or, if there are none, all that are on this machine.

    Raises:
        InputError: a name that stands for nothing, or benchmarks that tables could not tell apart.
        FormatError: a file that is no benchmark, or has lines that do not belong to it.
    """
    found = [
        find_benchmark(name, data, fetch=fetch, progress=progress) for name in names or _on_this_machine(data)
    ]
    name, count = Counter(benchmark.name for benchmark in found).most_common(1)[0]
    if count > 1:
        raise InputError(f"expected benchmarks of different names, got {count} of the name {name!r}")
    return found


def _on_this_machine(data: Path | None) -> list[str]:
    """The shipped ones that suit any vectors, and the public sets that are found."""
    return [*DEFAULTS, *(public.name for public in PUBLIC if locate(public, data))]

"""The benchmarks that a command line asks for, and the list of those that have a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from embedkit.downloads import remote_files
from embedkit.evaluation.benchmarks.catalogue import find_benchmark, found_sets
from embedkit.evaluation.benchmarks.detection import Benchmark, read_benchmark
from embedkit.evaluation.benchmarks.public_sets import PUBLIC
from embedkit.evaluation.benchmarks.shipped import DEFAULTS, SHIPPED
from embedkit.progress import Progress
from embedkit_cli.shared.tables import Column, Table


def benchmarks_named(
    names: Sequence[str], data: Path | None, fetch: bool, progress: Progress
) -> list[Benchmark]:
    """The benchmarks of these names and paths or, if there are none, all that are on this machine.

    Those that would have the same name in tables are numbered: "pairs (1)", "pairs (2)".

    Raises:
        InputError: a name that stands for nothing.
        FormatError: a file that is no benchmark, or has lines that do not belong to it.
    """
    if not names:
        shipped = [SHIPPED[name].read() for name in DEFAULTS]
        return shipped + [read_benchmark(path, public.name) for public, path in found_sets(data).items()]
    return _numbered([find_benchmark(name, data, fetch=fetch, progress=progress) for name in names])


def benchmark_list(data: Path | None) -> Table:
    """All benchmarks that have a name: their kind, their paper, and where they are or how to get them."""
    columns = [Column(name) for name in ("name", "kind", "by", "where")]
    found = found_sets(data)
    rows = [(name, SHIPPED[name].kind, "embedkit", "ships") for name in SHIPPED]
    for public in PUBLIC:
        fetched = " (--fetch fetches it)" if public.name in remote_files() else ""
        absent = f"not found: {public.looked_for}{fetched}"
        rows.append((public.name, public.kind, public.citation, str(found.get(public, absent))))
    return Table(columns, rows)


def _numbered(benchmarks: Sequence[Any]) -> list[Benchmark]:
    """Benchmarks of different names."""
    counts, seen = Counter(benchmark.name for benchmark in benchmarks), Counter[str]()
    renamed = []
    for benchmark in benchmarks:
        name = benchmark.name
        seen[name] += 1
        renamed.append(replace(benchmark, name=f"{name} ({seen[name]})") if counts[name] > 1 else benchmark)
    return renamed

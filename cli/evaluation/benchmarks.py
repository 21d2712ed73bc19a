"""The table of named benchmarks, for --list."""

from __future__ import annotations

from pathlib import Path

from embedkit.downloads.catalogue import benchmark_files
from embedkit.evaluation.benchmarks.catalogue import found_sets
from embedkit.evaluation.benchmarks.public_sets import PUBLIC
from embedkit.evaluation.benchmarks.shipped import SHIPPED
from embedkit_cli.shared.tables import Column, Table


def benchmark_table(data: Path | None) -> Table:
    """All benchmarks that have a name: their kind, their paper, and where they are or how to get them."""
    columns = [Column(name) for name in ("name", "kind", "reference", "location")]
    local = found_sets(data)
    rows = [(name, SHIPPED[name].kind, "embedkit", "bundled") for name in SHIPPED]
    for public in PUBLIC:
        fetched = " (--fetch downloads it)" if public.name in benchmark_files() else ""
        absent = f"not found: {public.looked_for}{fetched}"
        rows.append((public.name, public.kind, public.citation, str(local.get(public, absent))))
    return Table(columns, rows)

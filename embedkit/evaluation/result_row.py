"""`ResultRow`: the one form of all results, of which tables, JSON, TSV, Markdown and plots are made."""

from __future__ import annotations

from typing import NamedTuple


class ResultRow(NamedTuple):
    """One number of one part of a benchmark, with what it rests on.

    `part` is "total" or the name of a part, such as a category. `value` is None when nothing of the part was
    covered; `low` and `high` are None when the metric has no interval. `row._asdict()` is ready for JSON.
    """

    benchmark: str
    part: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    covered: int
    total: int

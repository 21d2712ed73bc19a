"""`BiasReports`: reports of bias, which take seconds, computed once and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

MAX_KEPT = 32

Key = tuple[str, str, int]  # vectors, topic, number of analogies
Report = dict[str, Any]


class BiasReports:
    """Reports by what they are of; a request that comes while one is computed waits for the same.

    A request that ends before, as its time is over, leaves the report to those that ask again.
    """

    def __init__(self) -> None:
        self._reports: dict[Key, asyncio.Future[Report]] = {}

    async def report(self, key: Key, compute: Callable[[], asyncio.Future[Report]]) -> Report:
        """The report of `key`, by `compute` if there is none yet; the one that was asked longest ago goes."""
        future = self._reports.pop(key, None)
        if future is None or (future.done() and (future.cancelled() or future.exception())):
            future = compute()
        self._reports[key] = future
        while len(self._reports) > MAX_KEPT:
            self._reports.pop(next(iter(self._reports)))
        return await asyncio.shield(future)

"""`BiasReports`: reports of bias, which take seconds, computed once and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Key = tuple[str, str]  # vectors, topic: no more than there are of both
ReportAsDict = dict[str, Any]


class BiasReports:
    """Reports by what they are of; a request that comes while one is computed waits for the same.

    A request whose time is over leaves the report to those that ask again.
    """

    def __init__(self) -> None:
        self._reports: dict[Key, asyncio.Future[ReportAsDict]] = {}

    async def report(self, key: Key, compute: Callable[[], Awaitable[ReportAsDict]]) -> ReportAsDict:
        """The report of `key`, by `compute` if there is none yet, or if that failed."""
        future = self._reports.get(key)
        if future is None or (future.done() and (future.cancelled() or future.exception())):
            future = self._reports[key] = asyncio.ensure_future(compute())
        return await asyncio.shield(future)

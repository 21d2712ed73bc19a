"""`MicroBatches`: questions of several requests that arrive at once are answered together.

While one batch is computed, further questions gather; then all of a kind go as the next batch. So a batch is
as large as the load makes it, and nobody waits for one to fill.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, NamedTuple

from embedkit.errors import EmbedkitError
from embedkit.service.kept_answers import KeptAnswers

SolveBatch = Callable[[list[Any]], Sequence[Any]]

MAX_BATCH = 64  # questions that are answered together
SLOW_THREADS = 2  # for requests of many questions, beside those of few


class WaitingItems(NamedTuple):
    """The questions of a request, and what will hold its answers."""

    items: list[Any]
    answers: asyncio.Future[list[Any]]


class MicroBatches:
    """Answers questions in threads: those of small requests together, one batch at a time.

    Args:
        observe: is told the number of questions of each batch.
    """

    def __init__(self, observe: Callable[[int], None]) -> None:
        self._observe = observe
        self._kept = KeptAnswers()
        self._quick: Executor = ThreadPoolExecutor(1, "embedkit-quick")
        self._slow: Executor = ThreadPoolExecutor(SLOW_THREADS, "embedkit-slow")
        self._waiting: dict[Hashable, tuple[SolveBatch, list[WaitingItems]]] = {}
        self._busy = False

    def close(self) -> None:
        """Let the threads end; what has not begun is dropped."""
        for executor in (self._quick, self._slow):
            executor.shutdown(wait=False, cancel_futures=True)

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function that takes long in a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._slow, function, *arguments)

    async def ask_once(self, key: Hashable, solve: SolveBatch, items: list[Hashable]) -> list[Any]:
        """As `ask`, for items whose answers are small and never change: those that are known are kept."""
        known = {item: self._kept.get((key, item)) for item in items}
        unknown = [item for item, answer in known.items() if answer is None]
        if unknown:
            for item, answer in zip(unknown, await self.ask(key, solve, unknown), strict=True):
                known[item] = answer
                self._kept.keep((key, item), answer)
        return [known[item] for item in items]

    async def ask(
        self, key: Hashable, solve: SolveBatch, items: list[Any], *, quick: bool = True
    ) -> list[Any]:
        """The answers to `items`, one each, by `solve`, which may get those of other requests with them.

        Args:
            key: what `solve` is, with all its settings: requests of the same key share a batch.
            solve: answers a list of items; called in a thread.
            items: the questions.
            quick: whether they take little time; many items never do.

        Raises:
            EmbedkitError: what `solve` raised for these items alone.
        """
        if not quick or len(items) > MAX_BATCH:
            return list(await self.run(solve, items))
        answers: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, (solve, []))[1].append(WaitingItems(items, answers))
        if not self._busy:
            self._begin()
        return await answers

    def _begin(self) -> None:
        """Send the next batch, of the kind that waits longest, to the thread."""
        solve, batch = self._next_batch()
        self._busy = bool(batch)
        if not batch:
            return
        self._observe(sum(len(request.items) for request in batch))
        questions = [request.items for request in batch]
        work = asyncio.get_running_loop().run_in_executor(self._quick, _solved, solve, questions)
        work.add_done_callback(lambda done: self._deliver(batch, done))

    def _next_batch(self) -> tuple[SolveBatch, list[WaitingItems]]:
        """What is to be answered next, of requests whose clients still wait; empty if nothing is."""
        while self._waiting:
            key = next(iter(self._waiting))
            solve, waiting = self._waiting.pop(key)
            batch, rest = _first([request for request in waiting if not request.answers.done()])
            if rest:
                self._waiting[key] = solve, rest
            if batch:
                return solve, batch
        return list, []

    def _deliver(self, batch: list[WaitingItems], done: asyncio.Future[list[Any]]) -> None:
        self._begin()
        if done.cancelled():
            return
        for request, outcome in zip(batch, done.result(), strict=True):
            if request.answers.done():  # the client is gone
                continue
            if isinstance(outcome, Exception):
                request.answers.set_exception(outcome)
            else:
                request.answers.set_result(outcome)


def _first(waiting: list[WaitingItems]) -> tuple[list[WaitingItems], list[WaitingItems]]:
    """The requests that make the next batch, and those behind them."""
    count = 0
    for place, request in enumerate(waiting):
        count += len(request.items)
        if count > MAX_BATCH:
            return waiting[: max(place, 1)], waiting[max(place, 1) :]
    return waiting, []


def _solved(solve: SolveBatch, requests: list[list[Any]]) -> list[Sequence[Any] | Exception]:
    """The answers to each request, or what went wrong with it; one that fails does not fail the others."""
    try:
        answers = iter(solve([item for items in requests for item in items]))
        return [[next(answers) for _ in items] for items in requests]
    except EmbedkitError as error:
        if len(requests) == 1:
            return [error]
        return [outcome for items in requests for outcome in _solved(solve, [items])]
    except Exception as error:
        return [error for _ in requests]

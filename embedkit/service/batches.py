"""`MicroBatches`: small questions of several requests that arrive at once are answered together.

What takes a few milliseconds is computed where requests are read: to hand it to a thread and back would take
as long again. Requests that arrived meanwhile make the next batch, so a batch is as large as the load makes
it. What takes longer gets a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from embedkit.errors import EmbedkitError
from embedkit.parallel.cores import available_cores
from embedkit.service.kept_answers import KeptAnswers

SolveBatch = Callable[[list[Any]], Sequence[Any]]

MAX_BATCH = 16  # questions that are answered together
MIN_THREADS = 2  # for what takes long, so that one such request does not wait for another


class WaitingItems(NamedTuple):
    """The questions of a request, and what will hold its answers."""

    items: list[Any]
    answers: asyncio.Future[list[Any]]


class MicroBatches:
    """Answers questions: those of small requests together, one batch at a time, others in threads.

    Args:
        observe: is told the number of questions of each batch.
    """

    def __init__(self, observe: Callable[[int], None]) -> None:
        self._observe = observe
        self._kept = KeptAnswers()
        self._threads = ThreadPoolExecutor(max(MIN_THREADS, available_cores()), "embedkit-service")
        self._waiting: dict[Hashable, tuple[SolveBatch, list[WaitingItems]]] = {}

    def close(self) -> None:
        """Let the threads end; what has not begun is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function that takes long in a thread of its own."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)

    async def ask_once(
        self, key: Hashable, solve: SolveBatch, items: list[Hashable], *, quick: bool
    ) -> list[Any]:
        """As `ask`, for items whose answers are small and never change: those that are known are kept."""
        known = {item: self._kept.get((key, item)) for item in items}
        unknown = [item for item, answer in known.items() if answer is None]
        if unknown:
            for item, answer in zip(unknown, await self.ask(key, solve, unknown, quick=quick), strict=True):
                known[item] = answer
                self._kept.keep((key, item), answer)
        return [known[item] for item in items]

    async def ask(
        self, key: Hashable, solve: SolveBatch, items: list[Any], *, quick: bool, gather: float = 0.0
    ) -> list[Any]:
        """The answers to `items`, one each, by `solve`, which may get those of other requests with them.

        Args:
            key: what `solve` is, with all its settings: requests of the same key share a batch.
            solve: answers a list of items.
            items: the questions.
            gather: seconds to wait for others, where a batch takes hardly longer than one of its items.
            quick: whether `MAX_BATCH` of them take a few milliseconds; more of them never do.

        Raises:
            EmbedkitError: what `solve` raised for these items alone.
        """
        if not quick or len(items) > MAX_BATCH:
            return list(await self.run(solve, items))
        loop = asyncio.get_running_loop()
        answers: asyncio.Future[list[Any]] = loop.create_future()
        if not self._waiting:
            loop.call_later(gather, self._answer)
        self._waiting.setdefault(key, (solve, []))[1].append(WaitingItems(items, answers))
        return await answers

    def _answer(self) -> None:
        """Answer the next batch, of the kind that waits longest; requests are read before the one after."""
        key = next(iter(self._waiting))
        solve, waiting = self._waiting.pop(key)
        batch, rest = _first([request for request in waiting if not request.answers.done()])
        if rest:
            self._waiting[key] = solve, rest
        if self._waiting:
            asyncio.get_running_loop().call_soon(self._answer)
        if batch:
            self._observe(sum(len(request.items) for request in batch))
            outcomes = _solved(solve, [request.items for request in batch])
            for request, outcome in zip(batch, outcomes, strict=True):
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


def _solved(solve: SolveBatch, requests: list[list[Any]]) -> list[list[Any] | Exception]:
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

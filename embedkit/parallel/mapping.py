"""Ordered and unordered maps over an executor, drawn lazily, with bounded work in flight.

Any `concurrent.futures.Executor` will do. Its own `map` draws all items at once, which for a corpus is the
whole text.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Map(Protocol):
    """What `map_in_order` is, once it is decided who computes."""

    def __call__(self, function: Callable[[Item], Result], items: Iterable[Item], /) -> Iterator[Result]:
        """`function(item)` for all items, in their order."""


def map_in_order(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item], in_flight: int
) -> Iterator[Result]:
    """`function(item)` for all items, in their order.

    At most `in_flight` items have been drawn whose results were not handed out: one more than there are
    workers keeps them all busy. An exception, or closing this iterator, cancels the items that wait.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from embedkit.parallel.mapping import map_in_order
        >>> with ThreadPoolExecutor(2) as pool:
        ...     print(*map_in_order(pool, abs, iter([-3, 1, -2]), in_flight=3))
        3 1 2
    """
    pending: deque[Future[Result]] = deque()
    try:
        for item in items:
            pending.append(executor.submit(function, item))
            if len(pending) >= in_flight:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        _cancel(pending)


def map_as_completed(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item], in_flight: int
) -> Iterator[tuple[Item, Result]]:
    """`(item, function(item))` for all items, in the order in which they end.

    Those that have ended meanwhile are handed out in their order, so that one worker keeps that of all. At
    most `in_flight` items have been drawn whose results were not handed out: twice as many as there are
    workers let none run dry while results are taken in. An exception, or closing this iterator, cancels the
    items that wait.
    """
    upcoming = iter(items)
    running: dict[Future[Result], Item] = {}
    try:
        while True:
            for item in islice(upcoming, in_flight - len(running)):
                running[executor.submit(function, item)] = item
            if not running:
                return
            done = wait(running, return_when=FIRST_COMPLETED).done
            for future in [future for future in running if future in done]:
                yield running.pop(future), future.result()
    finally:
        _cancel(running)


def _cancel(futures: Iterable[Future[Result]]) -> None:
    for future in futures:
        future.cancel()

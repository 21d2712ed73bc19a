"""`map_with_copies`: an ordered map over workers of which some may be slow.

A task that takes much longer than others did is begun again, once, when a worker would be idle otherwise, as
in MapReduce (Dean and Ghemawat 2004, 3.6). The first answer counts. The other copy may go on for a while: so
tasks that write files write them beside and rename them, with the same bytes.
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

SLOW = 3  # times the median of what the last tasks took
PATIENCE = 5.0  # seconds in which no task is slow
REMEMBERED = 100  # tasks


class _CopiedTask(Generic[Item, Result]):
    """A task under way, of which there may be a copy."""

    def __init__(self, begin: Callable[[Item], Future[Result]], item: Item) -> None:
        self._begin, self._item = begin, item
        self.begun = time.monotonic()
        self.copies = [begin(item)]

    def begin_again(self) -> Future[Result]:
        """Begin a copy."""
        self.copies.append(self._begin(self._item))
        return self.copies[-1]

    @property
    def answer(self) -> Future[Result] | None:
        """The copy that is done, if one is."""
        return next((copy for copy in self.copies if copy.done()), None)

    def drop(self) -> None:
        """Cancel all copies that are not done."""
        for copy in self.copies:
            if not copy.done():
                copy.cancel()


def map_with_copies(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item], workers: int
) -> Iterator[Result]:
    """`function(item)` for all items, in their order, with copies of slow tasks.

    At most one item more than there are workers has been drawn whose result was not handed out. An exception,
    or closing this iterator, cancels the items that wait.

    Example:
        >>> from concurrent.futures import ThreadPoolExecutor
        >>> from embedkit.parallel.copies import map_with_copies
        >>> with ThreadPoolExecutor(2) as pool:
        ...     print(*map_with_copies(pool, abs, iter([-3, 1, -2]), workers=2))
        3 1 2
    """
    tasks: deque[_CopiedTask[Item, Result]] = deque()
    running: set[Future[Result]] = set()  # also copies whose answers came too late
    took: deque[float] = deque(maxlen=REMEMBERED)

    def begin(item: Item) -> Future[Result]:
        begun = time.monotonic()
        copy = executor.submit(function, item)
        running.add(copy)
        copy.add_done_callback(lambda _: took.append(time.monotonic() - begun))
        return copy

    def first_answer() -> Result:
        while (answer := tasks[0].answer) is None:
            running.difference_update([copy for copy in running if copy.done()])
            idle = workers - len(running)
            for task in _slow(tasks, took)[: max(idle, 0)]:
                task.begin_again()
            wait(running, timeout=PATIENCE / 4, return_when=FIRST_COMPLETED)
        tasks.popleft().drop()
        return answer.result()

    try:
        for item in items:
            tasks.append(_CopiedTask(begin, item))
            if len(tasks) > workers:
                yield first_answer()
        while tasks:
            yield first_answer()
    finally:
        for task in tasks:
            task.drop()


def _slow(tasks: Iterable[_CopiedTask[Any, Any]], took: Iterable[float]) -> list[_CopiedTask[Any, Any]]:
    """The tasks without a copy that have been under way for much longer than others took."""
    before = list(took)
    if not before:
        return []
    latest = time.monotonic() - max(PATIENCE, SLOW * statistics.median(before))
    return [task for task in tasks if not task.answer and len(task.copies) == 1 and task.begun < latest]

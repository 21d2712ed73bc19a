"""Python processes that compute while this one reads and writes.

Children are plain interpreters that talk through pipes. Unlike multiprocessing's, they never import the
caller's main module (so they work from a REPL, a notebook, or a script without an `if __name__` guard), they
never see the terminal's Ctrl-C, and they end by themselves when their parent is gone.

Tasks and results travel pickled, as multiprocessing's do, over pipes that only the two processes hold;
nothing that comes from a file is ever unpickled.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import IO, Any, Self, TypeVar

from embedkit.errors import EmbedkitError

T = TypeVar("T")
R = TypeVar("R")


def available_cores() -> int:
    """The number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Pool:
    """Up to `workers` child processes; leaving the `with` block ends them, whatever they are doing.

    A child is started when there is a task and all others are busy. With no workers, everything is computed
    in this process.
    """

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._children: list[subprocess.Popen[bytes]] = []
        self._idle: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        self._threads = ThreadPoolExecutor(max(1, workers))

    def map(self, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[R]:
        """The results of `function`, in the order of `tasks`, which are drawn only as they are needed.

        `function`, tasks and results travel by pickle. An exception in a child is raised here.
        """
        if not self._workers:
            yield from map(function, tasks)
            return
        pending: deque[Future[R]] = deque()
        for task in tasks:
            self._provide(1 + sum(not future.done() for future in pending))
            pending.append(self._threads.submit(self._call, function, task))
            if len(pending) > self._workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()

    def _provide(self, busy: int) -> None:
        """Start a child if fewer than `busy` were started, and more are allowed."""
        if len(self._children) < min(busy, self._workers):
            self._children.append(_start())
            self._idle.put(self._children[-1])

    def _call(self, function: Callable[[T], R], task: T) -> R:
        child = self._idle.get()
        try:
            return _ask(child, function, task)
        finally:
            self._idle.put(child)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            child.kill()
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.communicate()


def _start() -> subprocess.Popen[bytes]:
    """A child that serves; `-P` and the path make it find the modules that this process would find."""
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)  # noqa: PTH100 - "" means here
    try:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", "from embedkit.parallel.processes import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
    except OSError as error:
        raise EmbedkitError(f"cannot start a worker process: {error.strerror}; use fewer workers") from None


def _ask(child: subprocess.Popen[bytes], function: Callable[[T], R], task: T) -> R:
    try:
        _send((function, task), child.stdin)
        good, value = _receive(child.stdout)
    except (EOFError, BrokenPipeError):
        raise EmbedkitError(
            f"a worker process ended with code {child.wait()}, most likely for lack of memory; "
            "use fewer workers"
        ) from None
    if not good:
        raise value
    result: R = value
    return result


def serve() -> None:
    """The life of a child: answer what comes on stdin until it is closed; stray prints go to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while True:
        try:
            function, task = _receive(sys.stdin.buffer)
        except EOFError:
            return
        _send(_outcome(function, task), answers)


def _outcome(function: Callable[[Any], Any], task: object) -> tuple[bool, object]:
    try:
        return True, function(task)
    except Exception as error:  # it is raised again in the parent
        return False, error


def _send(value: object, pipe: IO[bytes] | None) -> None:
    if pipe:
        pickle.dump(value, pipe, protocol=5)
        pipe.flush()


def _receive(pipe: IO[bytes] | None) -> Any:
    if pipe is None:
        raise EOFError
    return pickle.load(pipe)  # noqa: S301 - the other end is this program

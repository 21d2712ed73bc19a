"""`ExecutorEngine`: what computes behind any `concurrent.futures.Executor`."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from typing import Any, TypeVar

from embedkit.cluster.engine import Actor, Engine, Reference
from embedkit.errors import InputError

Result = TypeVar("Result")


class FutureReference(Reference[Result]):
    """A value that this process holds or will hold; it travels as the value."""

    def __init__(self, future: Future[Result]) -> None:
        self.future = future

    def __reduce__(self) -> tuple[Any, ...]:
        return _same, (self.result(),)

    def result(self) -> Result:
        """The value."""
        return self.future.result()

    def done(self) -> bool:
        """Whether there is a value or an exception already."""
        return self.future.done()


class PartReference(FutureReference[Any]):
    """One of several values that a task returns."""

    def __init__(self, future: Future[Any], place: int) -> None:
        super().__init__(future)
        self._place = place

    def result(self) -> Any:
        """The value."""
        return self.future.result()[self._place]


class ExecutorEngine(Engine):
    """Tasks on an executor, which stays open; it has no actors."""

    def __init__(self, executor: Executor, workers: int) -> None:
        self._executor = executor
        self.hosts = tuple(host for host, _ in self._on_all(workers, str, ()))

    def executor(self) -> Executor:
        """The executor."""
        return self._executor

    def call(self, function: Callable[..., Result], *args: Any) -> Reference[Result]:
        """Have a worker call a function."""
        return FutureReference(self._executor.submit(_with_values, function, args))

    def put(self, value: Result) -> Reference[Result]:
        """A value that stays here until it is used."""
        future: Future[Result] = Future()
        future.set_result(value)
        return FutureReference(future)

    def wait(
        self, references: Sequence[Reference[Result]], timeout: float | None = None
    ) -> list[Reference[Result]]:
        """Those of the references that are done, as soon as one is."""
        futures = {r.future for r in references if isinstance(r, FutureReference)}
        wait(futures, timeout, return_when=FIRST_COMPLETED)
        return [reference for reference in references if reference.done()]

    def actor(self, made: Callable[..., Any], *args: Any, **kwargs: Any) -> Actor:
        """Raise `InputError`: an executor keeps nothing."""
        raise InputError(
            f"{type(self._executor).__name__} has tasks only, and training in rounds keeps the model with "
            "the workers; use local:N or a Ray cluster"
        )

    def each_machine(self, function: Callable[..., Result], *args: Any) -> dict[str, Result]:
        """What a function returns on each machine that takes one of as many tasks as there are workers."""
        return dict(self._on_all(len(self.hosts), function, args))

    def _on_all(
        self, workers: int, function: Callable[..., Result], args: tuple[Any, ...]
    ) -> list[tuple[str, Result]]:
        tasks = [self._executor.submit(_with_host, function, args) for _ in range(workers)]
        return [task.result() for task in tasks]

    def close(self) -> None:
        """Nothing to end."""


def _same(value: Result) -> Result:
    return value


def _with_values(function: Callable[..., Result], args: tuple[Any, ...]) -> Result:
    """Call a function; a reference that has not traveled, as between threads, becomes its value."""
    return function(*(arg.result() if isinstance(arg, Reference) else arg for arg in args))


def _with_host(function: Callable[..., Result], args: tuple[Any, ...]) -> tuple[str, Result]:
    return socket.gethostname(), function(*args)

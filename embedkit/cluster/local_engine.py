"""`LocalEngine`: worker processes on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakSet

from embedkit.cluster.engine import ATTEMPTS, Actor, Reference
from embedkit.cluster.executor_engine import ExecutorEngine, FutureReference, PartReference
from embedkit.errors import WorkerDiedError
from embedkit.parallel.cores import available_cores
from embedkit.parallel.processes import ProcessPool, WorkerProcess
from embedkit.parallel.threads import Threads

Result = TypeVar("Result")


class LocalActor(Actor):
    """An object in a child process."""

    def __init__(self, made: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._process = WorkerProcess()
        self._calls = Threads(1)
        self._made = self._calls.submit(self._process.call, _make, (made, args, kwargs))

    def call(self, method: str, *args: Any) -> Reference[Any]:
        """Have the object's `method(*args)` called."""
        return FutureReference(self._calls.submit(self._call, method, args))

    def call_parts(self, method: str, parts: int, *args: Any) -> list[Reference[Any]]:
        """Have the object's `method(*args)` called, which returns so many values."""
        made = self._calls.submit(self._call, method, args)
        return [PartReference(made, place) for place in range(parts)]

    def _call(self, method: str, args: tuple[Any, ...]) -> Any:
        self._made.result()  # an exception of its making is that of all calls
        if not self._process.is_usable:
            raise WorkerDiedError("the worker process of this actor ended")
        return self._process.call(_call_made, (method, *args))

    def close(self) -> None:
        """End the child process."""
        self._process.kill()
        self._calls.shutdown(cancel_futures=True)
        self._process.join()


class LocalEngine(ExecutorEngine):
    """So many child processes, and one more for each actor."""

    def __init__(self, workers: int) -> None:
        self.hosts = (socket.gethostname(),) * workers
        self._executor: ProcessPool = ProcessPool(workers, ATTEMPTS)
        self._actors: WeakSet[LocalActor] = WeakSet()

    @property
    def actor_cores(self) -> list[int]:
        """For each worker its part of the cores of this machine."""
        return [max(1, available_cores() // len(self.hosts))] * len(self.hosts)

    def actor(self, made: Callable[..., Any], *args: Any, **kwargs: Any) -> Actor:
        """An object in a child process of its own."""
        actor = LocalActor(made, args, kwargs)
        self._actors.add(actor)
        return actor

    def each_machine(self, function: Callable[..., Result], *args: Any) -> dict[str, Result]:
        """What a function returns here."""
        return {self.hosts[0]: function(*args)}

    def close(self) -> None:
        """End all child processes, whatever they are doing."""
        for actor in list(self._actors):
            actor.close()
        self._executor.kill()
        self._executor.shutdown(cancel_futures=True)


_object: Any = None  # in a child process: what its actor is


def _make(made: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    global _object
    _object = made(*args, **kwargs)


def _call_made(method: str, *args: Any) -> Any:
    return getattr(_object, method)(*args)

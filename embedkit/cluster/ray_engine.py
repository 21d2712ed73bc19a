"""`RayEngine`: the workers of a running Ray cluster (https://www.ray.io).

Ray keeps values where they were made, moves them from worker to worker, shares arrays between the workers of
a machine without copies, and gives tasks of workers that die to others.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Any, TypeVar
from weakref import WeakSet

from embedkit.cluster.engine import ATTEMPTS, Actor, Engine, Reference
from embedkit.cluster.machines import least_loaded
from embedkit.errors import DependencyError, InputError, WorkerDiedError

Result = TypeVar("Result")
REACHABLE = 10  # seconds within which a machine must answer


class RayReference(Reference[Result]):
    """A value in Ray's object store."""

    def __init__(self, stored: Any) -> None:
        self.stored = stored

    def result(self) -> Result:
        """The value."""
        import ray

        try:
            value: Result = ray.get(self.stored)
        except ray.exceptions.RayError as error:
            raise _translated(error) from None
        return value

    def done(self) -> bool:
        """Whether there is a value or an exception already."""
        import ray

        return bool(ray.wait([self.stored], timeout=0, fetch_local=False)[0])


class RayActor(Actor):
    """An actor of Ray.

    Attributes:
        host: the machine that it was dealt to; None once it is closed.
    """

    def __init__(self, handle: Any, host: str) -> None:
        self._handle = handle
        self.host: str | None = host

    def call(self, method: str, *args: Any) -> Reference[Any]:
        """Have the object's `method(*args)` called."""
        return RayReference(self._handle.call.remote(method, *map(_stored, args)))

    def call_parts(self, method: str, parts: int, *args: Any) -> list[Reference[Any]]:
        """Have the object's `method(*args)` called, which returns so many values."""
        call = self._handle.call_parts.options(num_returns=parts)
        made = call.remote(method, *map(_stored, args))
        return [RayReference(part) for part in (made if parts > 1 else [made])]

    def close(self) -> None:
        """End the worker process."""
        import ray

        self.host = None
        ray.kill(self._handle)


class RayExecutor(Executor):
    """Ray's tasks behind the interface of an executor."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have a worker call `fn(*args, **kwargs)`."""
        reference = _task(fn, args, kwargs)
        future = RayFuture(reference)
        reference.future().add_done_callback(future.take)
        return future


class RayFuture(Future[Any]):
    """The future of a task, which can be cancelled."""

    def __init__(self, stored: Any) -> None:
        super().__init__()
        self._stored = stored

    def take(self, done: Future[Any]) -> None:
        """Become what Ray's own future became."""
        if not self.set_running_or_notify_cancel():
            return
        if error := done.exception():
            self.set_exception(_translated(error))
        else:
            self.set_result(done.result())

    def cancel(self) -> bool:
        """Drop the task, unless it is done."""
        import ray

        ray.cancel(self._stored)
        return super().cancel()


class RayEngine(Engine):
    """A Ray cluster that runs already; each of its processors' cores is a worker."""

    def __init__(self, address: str) -> None:
        ray = _ray()
        if ray.is_initialized():
            raise InputError(
                "this process is connected to a Ray cluster already, and there can be one; close that "
                "`Cluster`, or call ray.shutdown()"
            )
        try:
            address = _looked_up(address)
            _check_reachable(address)
            with _own_signals():
                told = ray.init(address, logging_level=logging.ERROR, log_to_driver=False)
        except (OSError, RuntimeError, ValueError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise InputError(
                f"no Ray cluster answers at {address!r} ({reason}); start one with `ray start --head`, and "
                "on each further machine `ray start --address HOST:PORT`"
            ) from None
        _be_silent()
        nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU", 0) >= 1]
        names = _names(nodes)
        self._nodes = {name: node["NodeID"] for name, node in zip(names, nodes, strict=True)}
        self._actors: WeakSet[RayActor] = WeakSet()
        cores = {name: int(node["Resources"]["CPU"]) for name, node in zip(names, nodes, strict=True)}
        rounds = range(max(cores.values(), default=0))
        self.hosts = tuple(host for n in rounds for host, count in cores.items() if n < count)
        if not self.hosts:
            self.close()
            raise InputError(
                f"the Ray cluster at {address!r} has no cores for work; start `ray start` with some"
            )
        url = getattr(told, "dashboard_url", None)
        self.dashboard = f"http://{url}" if url else None

    def executor(self) -> Executor:
        """Ray's tasks as an executor."""
        return RayExecutor()

    def call(self, function: Callable[..., Result], *args: Any) -> Reference[Result]:
        """Have a worker call a function."""
        return RayReference(_task(function, args, {}))

    def put(self, value: Result) -> Reference[Result]:
        """A value in the object store."""
        return RayReference(_ray().put(value))

    def get(self, references: Sequence[Reference[Result]]) -> list[Result]:
        """The values of references, fetched side by side."""
        stored = list(map(_stored, references))
        _ray().wait(stored, num_returns=len(stored))
        return super().get(references)

    def wait(
        self, references: Sequence[Reference[Result]], timeout: float | None = None
    ) -> list[Reference[Result]]:
        """Those of the references that are done, as soon as one is."""
        of_stored = {_stored(reference): reference for reference in references}
        done, _ = _ray().wait(list(of_stored), timeout=timeout, fetch_local=False)
        return [reference for stored, reference in of_stored.items() if stored in done or reference.done()]

    def actor(self, made: Callable[..., Any], *args: Any, **kwargs: Any) -> Actor:
        """An actor of Ray."""
        host = least_loaded(self.hosts, [actor.host for actor in self._actors])
        place = _at(self._nodes[host], or_elsewhere=True)
        kind = _ray().remote(_Kept).options(num_cpus=0, scheduling_strategy=place)
        actor = RayActor(kind.remote(made, kwargs, *map(_stored, args)), host)
        self._actors.add(actor)
        return actor

    def each_machine(self, function: Callable[..., Result], *args: Any) -> dict[str, Result]:
        """What a function returns on each machine."""
        tasks = {host: _task(function, args, {}, _at(node)) for host, node in self._nodes.items()}
        return {host: RayReference[Result](task).result() for host, task in tasks.items()}

    def close(self) -> None:
        """Leave the cluster, which runs on; tasks that are under way are dropped."""
        _ray().shutdown()


def _looked_up(address: str) -> str:
    """Where Ray looks for "auto": at RAY_ADDRESS, else where the last head was, which may be gone."""
    if address == "auto":
        from ray._private.services import get_ray_address_from_environment

        return str(get_ray_address_from_environment(address, None))
    return address


def _check_reachable(address: str) -> None:
    """Raise `OSError` if nobody answers at an address: Ray would try for minutes."""
    host, separator, port = address.removeprefix("ray://").rpartition(":")
    if separator:
        socket.create_connection((host.strip("[]"), int(port)), REACHABLE).close()


def _names(nodes: Sequence[dict[str, Any]]) -> list[str]:
    """The names of machines, with their addresses where two have the same."""
    hosts = [str(node["NodeManagerHostname"]) for node in nodes]
    addresses = [f"{host} ({node['NodeManagerAddress']})" for host, node in zip(hosts, nodes, strict=True)]
    return [
        host if hosts.count(host) == 1 else address for host, address in zip(hosts, addresses, strict=True)
    ]


class _Kept:
    """In a worker: the object of an actor."""

    def __init__(self, made: Callable[..., Any], kwargs: dict[str, Any], *args: Any) -> None:
        self._error: Exception | None = None
        try:
            self._made = made(*args, **kwargs)
        except Exception as error:  # of all its calls
            self._error = error

    def call(self, method: str, *args: Any) -> Any:
        if self._error:
            raise self._error
        return getattr(self._made, method)(*args)

    def call_parts(self, method: str, *args: Any) -> Any:
        parts = self.call(method, *args)
        return parts if len(parts) > 1 else parts[0]


def _call(function: Callable[..., Result], kwargs: dict[str, Any], *args: Any) -> Result:
    """In a worker: a task."""
    return function(*args, **kwargs)


def _task(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], strategy: Any = "DEFAULT"
) -> Any:
    """A task under way, as Ray refers to it."""
    task = _ray().remote(_call).options(max_retries=ATTEMPTS - 1, scheduling_strategy=strategy)
    return task.remote(function, kwargs, *map(_stored, args))


def _at(node: str, or_elsewhere: bool = False) -> Any:
    """A machine as the place of a task or an actor."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    return NodeAffinitySchedulingStrategy(node, soft=or_elsewhere)


def _stored(value: Any) -> Any:
    """What Ray is given for a value: its own reference for one of ours."""
    return value.stored if isinstance(value, RayReference) else value


def _translated(error: BaseException) -> BaseException:
    """What became of a task, without Ray's wrapping."""
    exceptions = _ray().exceptions
    while isinstance(error, exceptions.RayTaskError):  # also that of a task whose argument was lost
        error = error.cause
    lost = exceptions.RayActorError, exceptions.WorkerCrashedError, exceptions.ObjectLostError
    if isinstance(error, lost):
        reason = str(error).strip().partition("\n")[0]
        return WorkerDiedError(f"a worker of the Ray cluster ended: {reason}")
    return error


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep what SIGTERM does, which Ray changes."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if current_thread() is main_thread():
            signal.signal(signal.SIGTERM, before)


def _be_silent() -> None:
    """Have Ray not print that a worker died, nor to stdout, where results belong, nor as errors of calls."""
    from ray._private import worker

    worker._worker_logs_enabled = False
    os.environ.setdefault("RAY_IGNORE_UNHANDLED_ERRORS", "1")  # of calls whose results are not asked for


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise DependencyError("a Ray cluster needs Ray: pip install 'embedkit[cluster]'") from error
    return ray

"""`Cluster`: workers on this machine or on many, behind one small interface.

What runs on them needs to know no engine: tasks (`map`, `call`), objects that stay with a worker (`actor`),
and references to values that move from worker to worker without passing through the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from embedkit.cluster.addresses import engine_at
from embedkit.cluster.engine import Actor, Engine, Reference
from embedkit.cluster.executor_engine import ExecutorEngine
from embedkit.cluster.machines import (
    Machine,
    check_alike,
    check_versions,
    tell_host,
    this_machine,
    told_unseen,
)
from embedkit.errors import InputError
from embedkit.parallel.copies import map_with_copies

Item = TypeVar("Item")
Result = TypeVar("Result")


class Cluster:
    """Workers that compute what they are told; `connect` makes one, leaving its `with` block ends it.

    Values travel by pickle between processes that belong to the one who calls, never from files. Arrays that
    a task or a method is given may be read-only: make a copy before you change one.

    Example:
        >>> from embedkit import Cluster
        >>> with Cluster.connect("local:2") as cluster:
        ...     print(*cluster.map(abs, [-3, 1, -2]))
        ...     counts = cluster.actor(dict, one=1)
        ...     one = counts.call("get", "one")  # stays where it is
        ...     print(cluster.get([one, cluster.call(sum, [2, 3]), cluster.call(abs, one)]))
        3 1 2
        [1, 5, 1]
    """

    def __init__(self, engine: Engine, other_processors: bool = False) -> None:
        self._engine, self._other_processors = engine, other_processors
        try:
            check_versions(this_machine(), self.machines())
        except BaseException:
            self.close()
            raise

    @classmethod
    def connect(cls, address: str, *, other_processors: bool = False) -> Cluster:
        """The cluster at an address.

        Args:
            address: "local:4" for so many worker processes on this machine; or a running Ray cluster: "auto"
                for the one that this machine belongs to, "HOST:PORT" for that of a head, "ray://HOST:PORT"
                from a machine outside of it.
            other_processors: train also on machines whose processors may round differently, so that bytes
                may differ.

        Raises:
            InputError: an address of another form, nothing that answers there, or a worker with another
                version of embedkit.
            DependencyError: Ray is not installed.
        """
        return cls(engine_at(address), other_processors)

    @classmethod
    def over(cls, executor: Executor, workers: int) -> Cluster:
        """The cluster behind any executor, such as Dask's `client.get_executor()` or `mpi4py.futures`'.

        It has tasks, and no actors.

        Args:
            executor: who computes; it stays open when the cluster is closed.
            workers: how many tasks it works on at once.
        """
        return cls(ExecutorEngine(executor, workers))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Cluster: {self.told}>"

    @property
    def workers(self) -> int:
        """The number of workers."""
        return len(self.hosts)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The machine on which each worker is, a name a worker."""
        return self._engine.hosts

    @property
    def dashboard(self) -> str | None:
        """The address at which the engine shows itself to a browser; None if it does not."""
        return self._engine.dashboard

    @property
    def told(self) -> str:
        """How many workers there are and where, e.g. "8 workers on 2 machines, dashboard http://..."."""
        hosts = len(set(self.hosts))
        told = f"{self.workers} worker{'s'[: self.workers - 1]} on {hosts} machine{'s'[: hosts - 1]}"
        return f"{told}, dashboard {self.dashboard}" if self.dashboard else told

    @property
    def actor_cores(self) -> list[int]:
        """The cores of each machine, to which so many actors are dealt, or here of each worker process."""
        return self._engine.actor_cores

    def executor(self) -> Executor:
        """The workers as an executor; a task of a worker that dies is done again, twice at most."""
        return self._engine.executor()

    def map(self, function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """`function(item)` for all items, in their order; few are drawn before they are needed.

        An item that takes much longer than others did is given to an idle worker, too, and the first answer
        counts; so a function that writes files writes them beside and renames them.
        """
        return map_with_copies(self.executor(), partial(tell_host, function), items, self.workers)

    def call(self, function: Callable[..., Result], *args: Any) -> Reference[Result]:
        """Have a worker call `function(*args)`; returns at once. It is done again if the worker dies."""
        return self._engine.call(function, *args)

    def put(self, value: Item) -> Reference[Item]:
        """A value that many tasks and actors will need: it is stored once, and travels where it is used."""
        return self._engine.put(value)

    def get(self, references: Sequence[Reference[Result]]) -> list[Result]:
        """The values of references, brought here, as soon as there are all."""
        return self._engine.get(references)

    def wait(
        self, references: Sequence[Reference[Result]], timeout: float | None = None
    ) -> list[Reference[Result]]:
        """Those of the references that are done, as soon as one is or `timeout` seconds are over."""
        return self._engine.wait(references, timeout)

    def actor(self, made: Callable[..., Any], *args: Any, **kwargs: Any) -> Actor:
        """The object `made(*args, **kwargs)` in a process of its own, on the least loaded machine."""
        return self._engine.actor(made, *args, **kwargs)

    def each_machine(self, function: Callable[..., Result], *args: Any) -> dict[str, Result]:
        """What `function(*args)` returns on each machine, by its name."""
        return self._engine.each_machine(function, *args)

    def machines(self) -> list[Machine]:
        """What the machines say of themselves: versions of packages, and processors."""
        return list(self.each_machine(this_machine).values())

    def check_alike(self) -> None:
        """Raise `InputError` if workers may round sums of floats differently.

        Versions of Python, numpy and numba must be equal, and processors, too, unless other ones are allowed.
        """
        check_alike(self.machines(), self._other_processors)

    def told_unseen(self, places: Iterable[Path | str]) -> str:
        """Which machine does not see a path, or what is at an address, as it is here; nothing if all do."""
        resolved = [place.resolve() if isinstance(place, Path) else place for place in places]
        return told_unseen(self.each_machine, resolved)

    def check_visible(self, paths: Iterable[Path]) -> None:
        """Raise `InputError` that names a machine which does not see a file, or a folder, as it is here."""
        if unseen := self.told_unseen(paths):
            raise InputError(
                f"{unseen}; name a place that all machines share, such as a folder on a file "
                "server; of temporary files, set TMPDIR"
            )

    def close(self) -> None:
        """End what was begun here: own worker processes at once; a cluster that ran before runs on."""
        self._engine.close()

"""`Engine`: what a cluster is made of, and each way of having workers has to offer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, Generic, TypeVar

Result = TypeVar("Result")
ATTEMPTS = 3  # workers that a task is given to, one after the other, if each of them dies


class Reference(ABC, Generic[Result]):
    """A value that a worker holds or will hold; as an argument of tasks and calls it stands for the value."""

    @abstractmethod
    def result(self) -> Result:
        """The value, brought here, as soon as there is one; or the exception of the task raised.

        Raises:
            WorkerDiedError: the worker that was to make it, or that kept it, ended.
        """

    @abstractmethod
    def done(self) -> bool:
        """Whether there is a value or an exception already."""


class Actor(ABC):
    """An object that lives in a worker process of its own; its calls run one after the other, in order."""

    @abstractmethod
    def call(self, method: str, *args: Any) -> Reference[Any]:
        """Have the object's `method(*args)` called; returns at once.

        When its worker ends, the object is lost: this call's reference and those of all later calls raise
        `WorkerDiedError`, and whoever made the actor makes another.
        """

    @abstractmethod
    def call_parts(self, method: str, parts: int, *args: Any) -> list[Reference[Any]]:
        """Have the object's `method(*args)` called, which returns so many values; each travels by itself."""

    @abstractmethod
    def close(self) -> None:
        """End the worker process of the object at once."""


class Engine(ABC):
    """Workers of one kind; `Cluster` says what each method does."""

    hosts: tuple[str, ...]
    dashboard: str | None = None

    @property
    def actor_cores(self) -> list[int]:
        """The cores of each place for an actor."""
        return list(Counter(self.hosts).values())

    @abstractmethod
    def executor(self) -> Executor:
        """The workers as an executor."""

    @abstractmethod
    def call(self, function: Callable[..., Result], *args: Any) -> Reference[Result]:
        """Have a worker call a function."""

    @abstractmethod
    def put(self, value: Result) -> Reference[Result]:
        """Store a value."""

    @abstractmethod
    def wait(
        self, references: Sequence[Reference[Result]], timeout: float | None = None
    ) -> list[Reference[Result]]:
        """Those of the references that are done, as soon as one is."""

    @abstractmethod
    def actor(self, made: Callable[..., Any], *args: Any, **kwargs: Any) -> Actor:
        """An object that stays with a worker."""

    @abstractmethod
    def each_machine(self, function: Callable[..., Result], *args: Any) -> dict[str, Result]:
        """What a function returns on each machine."""

    def get(self, references: Sequence[Reference[Result]]) -> list[Result]:
        """The values of references."""
        return [reference.result() for reference in references]

    @abstractmethod
    def close(self) -> None:
        """End what was begun here."""

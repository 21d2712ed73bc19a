"""`Saver`: the state of one job in training, saved in a `Checkpoint` now and then, and found there again."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from embedkit.checkpoints import SUFFIX, Checkpoint
from embedkit.container.checked import MALFORMED, open_tensors
from embedkit.container.model_format import ModelFormat
from embedkit.errors import DivergenceError, EmbedkitError, FormatError
from embedkit.progress import SILENT, Progress

Item = TypeVar("Item")
Tensors = Mapping[str, NDArray[Any]]

MOST = 0.02  # of the time that checkpoints may take
FORMAT = ModelFormat("embedkit.checkpoint", "a checkpoint", "an interrupted run")


class Saved(NamedTuple):
    """What was saved of a job: numbers and texts, and arrays, mapped."""

    state: dict[str, Any]
    tensors: dict[str, NDArray[Any]]


class Saver:
    """Saves the state of one job now and then; from the first step to the end of its block it may be stopped.

    Args:
        checkpoint: where; None for nowhere.
        job: all that decides what comes out: the settings, the fingerprint of the text, versions.
        progress: where it says that it goes on, or why it does not.

    Attributes:
        saved: what an interrupted run of the same job has saved; None to begin anew.
    """

    saved: Saved | None = None
    _path: Path | None = None
    _begun: float | None = None  # when a checkpoint became due

    def __init__(
        self, checkpoint: Checkpoint | None, job: Mapping[str, Any], progress: Progress = SILENT
    ) -> None:
        self._checkpoint, self._progress = checkpoint, progress
        if checkpoint is None:
            return
        self._job = json.loads(json.dumps({**job, "embedkit": version("embedkit")}, default=str))
        if not checkpoint.lasts:
            progress.note(
                f"no checkpoints: another run writes {checkpoint.target}, or its folder cannot be locked"
            )
            return
        checkpoint.job = _digest(self._job)
        self._path = checkpoint.beside(SUFFIX)
        self._interval = 60 * checkpoint.minutes or math.inf
        self._next = time.monotonic() + self._interval
        self.saved = self._found()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Listen to nobody any more; what diverged would do so again, so that nothing of it is kept."""
        if self._checkpoint:
            self._checkpoint.running = False
        if self._path and isinstance(error, DivergenceError):
            self._path.unlink(missing_ok=True)

    def restore(self, tensors: Tensors) -> dict[str, Any] | None:
        """Let arrays in training be what was saved of them; returns the rest of the state, None without."""
        if (saved := self.take()) is None:
            return None
        for name, tensor in tensors.items():
            tensor[...] = saved.tensors[name]
        return saved.state

    def take(self) -> Saved | None:
        """What was saved; from then on the file is not mapped here any more."""
        saved, self.saved = self.saved, None
        return saved

    def beside(self, suffix: str) -> Path | None:
        """A file of this job, to be kept and removed with its checkpoint; None where nothing is saved."""
        return self._checkpoint.beside(suffix) if self._checkpoint and self._path else None

    def distrust(self, reason: str) -> None:
        """Say that what was saved is not believed."""
        self._progress.note(f"Warning: what was saved is not believed, so this begins anew: {reason}")

    def due(self) -> bool:
        """Whether a checkpoint is due, and since this was first asked."""
        if self._checkpoint is None or self._path is None:
            return False
        self._checkpoint.running = True
        if self._begun is None and (time.monotonic() >= self._next or self._checkpoint.stop()):
            self._begun = time.monotonic()
        return self._begun is not None

    def until_due(self, items: Iterable[Item], together: int = 1) -> Iterator[Item]:
        """The items until a checkpoint is due, and so many `together` at least."""
        upcoming = iter(items)
        while some := list(islice(upcoming, together)):
            yield from some
            if self.due():
                return

    def save(self, where: str, done: float, state: Mapping[str, Any], tensors: Tensors) -> None:
        """Save the state in the place of the one before, and raise what `stop` asks for.

        What the disk refuses is told, and costs the checkpoint only.

        Args:
            where: what is being done, "epoch 2 of 5".
            done: which part of all is done, from 0 to 1.
            state: numbers and texts that JSON can hold.
            tensors: the arrays.
        """
        if self._checkpoint is None or self._path is None:
            return
        begun = time.monotonic() if self._begun is None else self._begun
        header = {"job": self._job, "where": where, "done": done, "state": state}
        try:
            FORMAT.write(self._path, header, tensors)
        except (OSError, EmbedkitError) as error:
            self._progress.note(f"Warning: no checkpoint was saved: {error}")
        now = time.monotonic()
        self._next = now + max(self._interval, (now - begun) / MOST)
        self._begun = None
        if stopped := self._checkpoint.stop():
            raise stopped

    def _found(self) -> Saved | None:
        """What was saved of this job, all of it compared with its checksums."""
        assert self._path  # noqa: S101 - where there is a checkpoint
        if not self._path.is_file():
            self._tell_others(self._path)
            return None
        try:
            with FORMAT.opened(self._path) as (_, header, tensors):
                told = f"continuing: {header['where']}, {header['done']:.0%} done"
                saved = Saved(dict(header["state"]), tensors)
        except (FormatError, OSError) as error:
            self.distrust(str(error))
            return None
        self._progress.note(told)
        return saved

    def _tell_others(self, path: Path) -> None:
        """Say why what other jobs have saved is of no use."""
        for other in path.parent.glob(f"*{SUFFIX}"):
            try:
                job = json.loads(open_tensors(other).metadata[FORMAT.key])["job"]
                differences = ", ".join(_differences(dict(job), self._job))
            except (*MALFORMED, EmbedkitError, OSError):
                differences = "it cannot be read"
            self._progress.note(f"beginning anew, as what was saved is of another run: {differences}")


UNSAVED = Saver(None, {})


def fingerprint(*parts: NDArray[Any] | bytes) -> str:
    """A sha256 of arrays and bytes, for jobs.

    Example:
        >>> fingerprint(b"to be")[:8]
        '133c09cf'
    """
    digest = hashlib.sha256()
    for part in parts:
        content = memoryview(part if isinstance(part, bytes) else np.ascontiguousarray(part).data)
        digest.update(f"{content.nbytes} ".encode())
        digest.update(content)
    return digest.hexdigest()


def _digest(job: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(job, sort_keys=True).encode()).hexdigest()[:32]


def _differences(other: Mapping[str, Any], job: Mapping[str, Any]) -> Iterator[str]:
    """In what two jobs differ: "learning_rate 0.05 there, 0.025 here"."""
    for name in {**other, **job}:
        theirs, own = other.get(name), job.get(name)
        if isinstance(theirs, Mapping) and isinstance(own, Mapping):
            yield from _differences(theirs, own)
        elif theirs != own:
            yield f"{name} {theirs!r:.60} there, {own!r:.60} here"

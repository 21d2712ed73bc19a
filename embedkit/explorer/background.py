"""`Background`: what a served page gets later: clusters and maps, made while the page is looked at."""

from __future__ import annotations

import time
from threading import Lock, Thread
from typing import Any

from embedkit.arrays import Floats2d
from embedkit.errors import EmbedkitError
from embedkit.explorer.exploration import Exploration
from embedkit.explorer.parts import PageParts
from embedkit.maps.plane import framed
from embedkit.progress import Progress

SHOW_EVERY = 1.0  # seconds between maps that are shown while points move


class Stopped(Exception):  # noqa: N818 - it is no error
    """The page is no longer served."""


class _Shared(Progress):
    """Keeps how far the work is, for whoever asks, and ends it when it is told to."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {"task": "", "share": None, "seconds_left": None}
        self.stopped = False

    def start(self, task: str, total: float | None = None) -> None:
        self._total, self._begin = total, time.monotonic()
        self.state = {"task": task, "share": 0.0 if total else None, "seconds_left": None}

    def update(self, completed: float, figures: str = "") -> None:
        if self.stopped:
            raise Stopped
        if self._total and completed:
            share = completed / self._total
            left = (time.monotonic() - self._begin) * (1 - share) / share
            self.state = {**self.state, "share": share, "seconds_left": round(left)}


class Background:
    """Improves a page in a thread of its own.

    `exploration` is the page as far as it is; `state()` tells the number of each part that came later, which
    grows when the part changes, the facts that came with them, and how far the work is.

    Example:
        >>> import embedkit
        >>> from embedkit.explorer.background import Background
        >>> work = Background(embedkit.explore(embedkit.load(), most_frequent=5))
        >>> work.start()
        >>> work.join()
        >>> work.state()["versions"]
        {'clusters': 1, 'a.tsne': 1}
    """

    def __init__(self, exploration: Exploration, seed: int = 1) -> None:
        self.exploration = exploration
        self._seed = seed
        self._progress = _Shared()
        self._lock = Lock()
        self._versions: dict[str, int] = {}
        self._later: dict[str, Any] = {}
        self._failure = ""
        self._thread = Thread(target=self._work, name="maps", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End within a moment, which is waited for; what is not finished is lost."""
        self._progress.stopped = True
        if self._thread.is_alive():
            self._thread.join()  # left alone, compiled code would run on while the process ends

    def join(self) -> None:
        """Wait for the end."""
        self._thread.join()

    def state(self) -> dict[str, Any]:
        """How far the work is, ready for JSON."""
        with self._lock:
            return {
                "versions": dict(self._versions),
                "facts": dict(self._later),
                "done": not self._thread.is_alive(),
                "failure": self._failure,
                **self._progress.state,
            }

    def _work(self) -> None:
        try:
            self._progress.start("finding clusters")
            self._add(self.exploration.clusters(self._seed))
            for place in range(len(self.exploration.spaces)):
                self._add(
                    self.exploration.neighbor_map(place, self._seed, self._progress, self._watch(place))
                )
            self._progress.start("")
        except Stopped:
            pass
        except EmbedkitError as error:
            self._failure = str(error)

    def _watch(self, place: int) -> Any:
        name, last = f"{'ab'[place]}.tsne", 0.0

        def show(points: Floats2d) -> None:
            nonlocal last
            if time.monotonic() - last >= SHOW_EVERY:
                last = time.monotonic()
                self._add(PageParts({}, {name: framed(points)}))

        return show

    def _add(self, parts: PageParts) -> None:
        with self._lock:
            self.exploration = self.exploration.with_parts(parts)
            self._later.update(parts.facts)
            for name in parts.arrays:
                self._versions[name] = self._versions.get(name, 0) + 1

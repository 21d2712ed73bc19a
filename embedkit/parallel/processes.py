"""`ProcessPool`: child Python processes that compute while this one reads and writes.

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
from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import Lock, Thread
from types import TracebackType
from typing import IO, Any, TypeVar

from embedkit.errors import EmbedkitError
from embedkit.parallel.threads import Threads

Child = subprocess.Popen[bytes]
Result = TypeVar("Result")


class ProcessPool(Executor):
    """Up to `workers` child processes, each started when there is a task and all others are busy.

    Functions, arguments and results travel by pickle; an exception in a child is that of its future. Leaving
    the `with` block waits for all tasks and ends the children; leaving it by an exception ends them at once,
    whatever they are doing.

    Example:
        >>> from embedkit.parallel.processes import ProcessPool
        >>> with ProcessPool(2) as pool:
        ...     print(pool.submit(divmod, 17, 5).result())
        (3, 2)
    """

    def __init__(self, workers: int) -> None:
        self._children: list[Child] = []
        self._idle: queue.SimpleQueue[Child] = queue.SimpleQueue()
        self._threads = Threads(workers)  # one talks with one child at a time
        self._starting = Lock()
        self._ended = False

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have a child call `fn(*args, **kwargs)`."""
        return self._threads.submit(self._call, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks, and end the children when those there are have been done or cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=cancel_futures)
        if wait:
            self._end()
        else:
            Thread(target=self._end, name="embedkit-shutdown").start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind:
            self._kill()
        self.shutdown(cancel_futures=kind is not None)

    def _call(self, function: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        child = self._free_child()
        try:
            good, value = _ask(child, (function, args, kwargs))
        except BaseException:  # it may have been told half of the task: it is of no more use
            child.kill()
            raise
        self._idle.put(child)
        if not good:
            raise value
        result: Result = value
        return result

    def _free_child(self) -> Child:
        """A child that is idle or else new."""
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        with self._starting:
            child = _start()
            self._children.append(child)
            if self._ended:
                child.kill()
        return child

    def _kill(self) -> None:
        with self._starting:
            self._ended = True
            for child in self._children:
                child.kill()

    def _end(self) -> None:
        """Wait for the tasks; by then all children are idle, so that ending them loses nothing."""
        self._threads.shutdown(wait=True)
        self._kill()
        for child in self._children:
            child.communicate()


def _start() -> Child:
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


def _ask(child: Child, task: object) -> Any:
    """What a child says to a task: whether it went well, and the result or the exception."""
    try:
        _send(task, child.stdin)
        return _receive(child.stdout)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        raise EmbedkitError(
            f"a worker process ended with code {child.wait()}, most likely for lack of memory; "
            "use fewer workers"
        ) from None


def serve() -> None:
    """The life of a child: answer what comes on stdin until its parent is gone; stray prints go to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while True:
            function, args, kwargs = _receive(sys.stdin.buffer)
            _send(_outcome(function, args, kwargs), answers)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError):
        os._exit(0)  # nobody is left to be told, nor to take the rest of an answer


def _outcome(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[bool, object]:
    try:
        return True, function(*args, **kwargs)
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

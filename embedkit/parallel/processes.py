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
import struct
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from threading import Lock, Thread
from types import TracebackType
from typing import IO, Any, TypeVar

from embedkit.errors import EmbedkitError, WorkerDiedError
from embedkit.parallel.threads import Threads

Result = TypeVar("Result")
Parcel = list[memoryview]  # a pickle, and the arrays that belong into it
_NUMBER = struct.Struct("<Q")


class WorkerProcess:
    """A child interpreter that computes one thing at a time; what it keeps between calls stays there.

    Raises:
        EmbedkitError: the system lets no process start.
    """

    def __init__(self) -> None:
        self._child = _start()
        self.is_usable = True  # unless it was killed, or died
        self.pid = self._child.pid

    def call(
        self,
        function: Callable[..., Result],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Result:
        """What the child's `function(*args, **kwargs)` returns or raises.

        Raises:
            WorkerDiedError: the process ended before it answered.
        """
        task = _packed((function, args, kwargs or {}))  # what cannot travel raises before anything was sent
        try:
            good, value = _ask(self._child, task)
        except BaseException:  # it may have been told half of the task: it is of no more use
            self.kill()
            raise
        if not good:
            raise value
        result: Result = value
        return result

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        self.is_usable = False
        self._child.kill()

    def join(self) -> None:
        """Wait for the end of a process that was killed."""
        self._child.communicate()


class ProcessPool(Executor):
    """Up to `workers` child processes, each started when there is a task and all others are busy.

    Functions, arguments and results travel by pickle, arrays without being copied; an exception in a child is
    that of its future. A task whose process dies is given to another, in all to so many as `attempts`.
    Leaving the `with` block waits for all tasks and ends the children; leaving it by an exception ends them
    at once, whatever they are doing.

    Example:
        >>> from embedkit.parallel.processes import ProcessPool
        >>> with ProcessPool(2) as pool:
        ...     print(pool.submit(divmod, 17, 5).result())
        (3, 2)
    """

    def __init__(self, workers: int, attempts: int = 1) -> None:
        self._children: list[WorkerProcess] = []
        self._idle: queue.SimpleQueue[WorkerProcess] = queue.SimpleQueue()
        self._threads = Threads(workers)  # one talks with one child at a time
        self._attempts = attempts
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
            self.kill()
        self.shutdown(cancel_futures=kind is not None)

    def kill(self) -> None:
        """End the children at once, whatever they are doing."""
        with self._starting:
            self._ended = True
            for child in self._children:
                child.kill()

    def _call(self, function: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        for attempt in range(1, self._attempts + 1):
            child = self._free_child()
            try:
                return child.call(function, args, kwargs)
            except WorkerDiedError as error:
                if self._ended or attempt == self._attempts:
                    raise _given_up(error, attempt) from None
            finally:
                if child.is_usable:
                    self._idle.put(child)
        raise AssertionError("there is at least one attempt")

    def _free_child(self) -> WorkerProcess:
        """A child that is idle or else new."""
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            pass
        with self._starting:
            child = WorkerProcess()
            self._children.append(child)
            if self._ended:
                child.kill()
        return child

    def _end(self) -> None:
        """Wait for the tasks; by then all children are idle, so that ending them loses nothing."""
        self._threads.shutdown(wait=True)
        self.kill()
        for child in self._children:
            child.join()


def _given_up(error: WorkerDiedError, attempts: int) -> WorkerDiedError:
    """What is told of a task whose last process died, too."""
    return error if attempts == 1 else WorkerDiedError(f"{attempts} tries of a task failed: {error}")


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


def _ask(child: subprocess.Popen[bytes], task: Parcel) -> Any:
    """What a child says to a task: whether it went well, and the result or the exception."""
    try:
        _send(task, child.stdin)
        return _unpacked(_receive(child.stdout))
    except (EOFError, BrokenPipeError):
        raise WorkerDiedError(
            f"a worker process ended with code {child.wait()}, most likely for lack of memory; "
            "use fewer workers"
        ) from None


def serve() -> None:
    """The life of a child: answer what comes on stdin until its parent is gone; stray prints go to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        while True:
            _send(_answer(_receive(sys.stdin.buffer)), answers)
    except (EOFError, BrokenPipeError):
        os._exit(0)  # nobody is left to be told, nor to take the rest of an answer


def _answer(task: Parcel) -> Parcel:
    """What is told of a task: its result or its exception, which may be that one of them cannot travel."""
    try:
        function, args, kwargs = _unpacked(task)
        return _packed((True, function(*args, **kwargs)))
    except Exception as error:  # it is raised again in the parent
        return _packed((False, error))


def _packed(value: object) -> Parcel:
    """A value as it travels: arrays as they lie in memory."""
    arrays: list[pickle.PickleBuffer] = []
    told = pickle.dumps(value, protocol=5, buffer_callback=arrays.append)
    return [memoryview(told), *(array.raw() for array in arrays)]


def _send(message: Parcel, pipe: IO[bytes] | None) -> None:
    if pipe:
        for number in (len(message), *(part.nbytes for part in message)):
            pipe.write(_NUMBER.pack(number))
        for part in message:
            pipe.write(part)
        pipe.flush()


def _receive(pipe: IO[bytes] | None) -> Parcel:
    if pipe is None:
        raise EOFError
    sizes = [_number(pipe) for _ in range(_number(pipe))]
    return [_exactly(size, pipe) for size in sizes]


def _unpacked(message: Parcel) -> Any:
    told, *arrays = message
    return pickle.loads(told, buffers=arrays)  # noqa: S301 - the other end is this program


def _number(pipe: IO[bytes]) -> int:
    return int(_NUMBER.unpack(_exactly(_NUMBER.size, pipe))[0])


def _exactly(size: int, pipe: IO[bytes]) -> memoryview:
    """The next bytes, read where they will stay."""
    read = memoryview(bytearray(size))
    if pipe.readinto(read) < size:  # type: ignore[attr-defined]  # a BufferedReader has it
        raise EOFError
    return read

"""Threads that share memory, for compiled kernels that release the interpreter's lock.

With one worker, pieces of work run one after the other; with more, their updates of shared matrices
interleave without locks (Niu et al. 2011). `embedkit.parallel.mapping` hands the pieces out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from embedkit.errors import EmbedkitError
from embedkit.parallel.cores import available_cores

Result = TypeVar("Result")


class Threads(ThreadPoolExecutor):
    """An executor that says so if the system lets no thread start, as within `ulimit -u`."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Have a thread call `fn(*args, **kwargs)`."""
        try:
            return super().submit(fn, *args, **kwargs)
        except RuntimeError as error:
            if "start new thread" not in str(error):
                raise
            raise EmbedkitError(
                "the system lets no further thread start; use fewer workers, or raise its limit (ulimit -u)"
            ) from None


@contextmanager
def threads(workers: int | None = None) -> Iterator[Executor]:
    """So many threads, by default one a core.

    Leaving the block, by an exception or an interrupt too, drops the work that waits and lets what is under
    way end first.
    """
    pool = Threads(workers or available_cores())
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@cache
def shared_threads() -> Executor:
    """Threads, one a core, that stay: for work so short that starting threads for it would cost more."""
    return Threads(available_cores(), thread_name_prefix="embedkit")

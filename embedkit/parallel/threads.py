"""Threads that share memory, for compiled kernels that release the interpreter's lock.

With one worker, pieces of work run one after the other; with more, their updates of shared matrices
interleave without locks (Niu et al. 2011). `embedkit.parallel.mapping` hands the pieces out.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

from embedkit.parallel.cores import available_cores


@contextmanager
def threads(workers: int | None = None) -> Iterator[Executor]:
    """So many threads, by default one a core.

    Leaving the block, by an exception or an interrupt too, drops the work that waits and lets what is under
    way end first.
    """
    pool = ThreadPoolExecutor(workers or available_cores())
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@cache
def shared_threads() -> Executor:
    """Threads, one a core, that stay: for work so short that starting threads for it would cost more."""
    return ThreadPoolExecutor(available_cores(), thread_name_prefix="embedkit")

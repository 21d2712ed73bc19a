"""One thread for each call of BLAS, while our own threads use all cores.

The number of threads is one setting for the whole process. If each of several threads set it and put it back,
one that begins while another is within would put back the 1 that it saw, for good. Here the first to come in
sets it, and the last to leave puts it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

_lock = Lock()
_within = 0  # blocks that are open now
_limits: Any = None  # knows the numbers before the first of them


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Within the block, which any number of threads may be in at once, a call of BLAS takes one thread."""
    global _within, _limits
    import threadpoolctl

    with _lock:
        if _within == 0:
            with _from_any_thread():
                _limits = threadpoolctl.threadpool_limits(1, user_api="blas")
        _within += 1
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if _within == 0:
                with _from_any_thread():
                    _limits.restore_original_limits()


@contextmanager
def _from_any_thread() -> Iterator[None]:
    """From version 3.8 on, threadpoolctl heeds only the thread that set numbers first, until it is told."""
    import threadpoolctl

    clear = getattr(threadpoolctl.OpenBLASController, "clear_controlling_thread", lambda force: None)
    clear(force=True)
    yield
    clear(force=True)

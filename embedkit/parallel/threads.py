"""Work on threads that share memory: pieces handed out in order, results taken in as they come.

Compiled kernels release the interpreter's lock, so threads are enough. With one worker the pieces run one
after the other; with more, their updates of shared matrices interleave without locks (Niu et al. 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

Piece = TypeVar("Piece")
Result = TypeVar("Result")

_QUEUED = 2  # pieces a worker has waiting, so that none runs dry while results are taken in


def run_threads(
    work: Callable[[Piece], Result], pieces: Iterable[Piece], workers: int
) -> Iterator[tuple[Piece, Result]]:
    """Yield `(piece, work(piece))` for all pieces, in the order in which they end.

    An exception, an interrupt too, drops the pieces that wait and lets those under way end first.
    """
    upcoming = iter(pieces)
    running: dict[Future[Result], Piece] = {}
    with ThreadPoolExecutor(workers) as threads:
        try:
            while True:
                for piece in islice(upcoming, _QUEUED * workers - len(running)):
                    running[threads.submit(work, piece)] = piece
                if not running:
                    return
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(future), future.result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)

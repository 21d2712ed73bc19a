import threading
import time

import pytest

from embedkit.errors import EmbedkitError
from embedkit.parallel.threads import shared_threads, threads


def test_leaving_ends_the_threads_and_drops_what_waits():
    """The first piece lasts until the last one is dropped."""
    seen, submitted = [], threading.Event()

    def work(piece):
        seen.append(piece)
        submitted.wait(30)
        while not futures[-1].done():
            time.sleep(0.001)

    with pytest.raises(ValueError, match="enough"), threads(1) as pool:  # noqa: PT012
        futures = [pool.submit(work, piece) for piece in range(1000)]
        submitted.set()
        raise ValueError("enough")
    assert seen == [0]
    assert [future.cancelled() for future in futures] == [False] + [True] * 999
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]


def test_as_many_threads_as_asked_for():
    both = threading.Barrier(2, timeout=10)
    with threads(2) as pool:
        assert sorted(pool.map(lambda _: both.wait(), range(2))) == [0, 1]


@pytest.mark.parametrize("first", [0, 1])
def test_a_thread_that_cannot_start_is_told(monkeypatch, first):
    start, started = threading.Thread.start, []

    def start_some(thread):
        if len(started) == first:
            raise RuntimeError("can't start new thread")
        started.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_some)
    with (
        pytest.raises(EmbedkitError, match="lets no further thread start; use fewer workers"),
        threads(3) as pool,
    ):
        list(pool.map(time.sleep, [0.01] * 4))


def test_shared_threads_stay():
    assert shared_threads() is shared_threads()
    assert list(shared_threads().map(abs, [-1, 2])) == [1, 2]

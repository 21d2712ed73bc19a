"""A map with copies of slow tasks: the order of others, bounded time, and answers that come too late."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from embedkit.parallel import copies
from embedkit.parallel.copies import map_with_copies


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(copies, "PATIENCE", 0.05)


def slow_once(slow):
    """A function that lasts until an event when it comes to one of some items for the first time."""
    calls, late = [], threading.Event()

    def work(number):
        calls.append(number)
        if number in slow and calls.count(number) == 1:
            late.wait(20)
            raise ValueError("too late")
        return -number

    return work, calls, late


@pytest.mark.parametrize("slow", [{0}, {3}, {9}, {2, 7}])
def test_the_first_answer_counts(slow):
    work, calls, late = slow_once(slow)
    with ThreadPoolExecutor(3) as pool:
        assert list(map_with_copies(pool, work, iter(range(10)), 3)) == [-number for number in range(10)]
        late.set()
    assert sorted(calls) == sorted([*range(10), *slow])


def test_nothing_is_begun_again_without_an_idle_worker():
    work, calls, late = slow_once({0})
    with ThreadPoolExecutor(1) as pool:
        threading.Timer(0.5, late.set).start()
        with pytest.raises(ValueError, match="too late"):
            list(map_with_copies(pool, work, range(3), 1))
    assert calls.count(0) == 1


def test_nothing_is_begun_again_before_anything_tells_how_long_it_takes():
    calls = []

    def work(number):
        calls.append(number)
        time.sleep(0.3)

    with ThreadPoolExecutor(3) as pool:
        list(map_with_copies(pool, work, range(2), 3))
    assert sorted(calls) == [0, 1]


def test_an_error_comes_back_and_drops_what_waits():
    with ThreadPoolExecutor(2) as pool, pytest.raises(ValueError, match="'x'"):
        list(map_with_copies(pool, int, ["1", "x", *map(str, range(1000))], 2))


def test_items_are_drawn_only_as_they_are_needed():
    drawn = []
    with ThreadPoolExecutor(2) as pool:
        results = map_with_copies(pool, abs, (drawn.append(number) or number for number in range(1000)), 2)
        assert drawn == []
        next(results)
        assert drawn == [0, 1, 2]
        results.close()

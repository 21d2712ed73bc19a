"""Lazy maps over executors of any kind: order, laziness, errors."""

import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from embedkit.parallel.inline import InlineExecutor
from embedkit.parallel.mapping import map_as_completed, map_in_order
from embedkit.parallel.processes import ProcessPool

EXECUTORS = [
    InlineExecutor,
    lambda: ThreadPoolExecutor(2),
    lambda: ProcessPool(2),
    lambda: ProcessPoolExecutor(2),
]


@pytest.fixture(params=EXECUTORS, ids=["inline", "threads", "our processes", "processes"])
def executor(request):
    with request.param() as executor:
        yield executor


def test_results_in_the_order_of_the_items(executor):
    assert list(map_in_order(executor, abs, range(0, -20, -1), 3)) == list(range(20))


def test_every_item_is_worked_on_once(executor):
    results = dict(map_as_completed(executor, abs, range(0, -20, -1), 4))
    assert results == {-number: number for number in range(20)}


@pytest.mark.parametrize("mapped", [map_in_order, map_as_completed])
def test_an_error_comes_back(executor, mapped):
    with pytest.raises(ValueError, match="invalid literal"):
        list(mapped(executor, int, ["1", "x", "2"], 3))


@pytest.mark.parametrize("mapped", [map_in_order, map_as_completed])
def test_items_are_drawn_only_as_they_are_needed(mapped):
    drawn = []
    with ThreadPoolExecutor(2) as executor:
        results = mapped(executor, abs, (drawn.append(number) or number for number in range(1000)), 3)
        assert drawn == []
        next(results)
        assert drawn == [0, 1, 2]
        results.close()


def test_one_in_flight_keeps_the_order_of_work():
    seen = []
    with ThreadPoolExecutor(4) as executor:
        list(map_in_order(executor, seen.append, range(50), 1))
    assert seen == list(range(50))


def test_results_come_as_they_are_ready():
    gate = threading.Event()

    def work(item):
        if item == "late":
            gate.wait(10)
        return item

    with ThreadPoolExecutor(2) as executor:
        results = map_as_completed(executor, work, ["late", "soon"], 2)
        assert next(results) == ("soon", "soon")
        gate.set()
        assert next(results) == ("late", "late")


@pytest.mark.parametrize("mapped", [map_in_order, map_as_completed])
def test_an_error_drops_what_waits(mapped):
    seen = []

    def work(item):
        seen.append(item)
        time.sleep(0.001)
        if item == 3:
            raise ValueError("item 3")

    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="item 3"):
        list(mapped(executor, work, range(1000), 4))
    assert len(seen) < 10

"""Batches are made of what waits, whoever asked it."""

import asyncio
import threading

import pytest

from embedkit import InputError
from embedkit.service.batches import MAX_BATCH, MicroBatches, WaitingItems, _first


class Doubling:
    """Doubles numbers, one batch after the other once it is let; 13 cannot be."""

    def __init__(self):
        self.batches, self.gate = [], threading.Event()

    def __call__(self, items):
        self.gate.wait(5)
        self.batches.append(list(items))
        if 13 in items:
            raise InputError("13 brings bad luck")
        return [2 * item for item in items]


@pytest.fixture
def double():
    return Doubling()


def answered(double, *requests, once=False):
    """The answers to requests that are made at once, each (key, items), or what they raised; and sizes."""
    sizes = []

    async def ask():
        batches = MicroBatches(sizes.append)
        asked = batches.ask_once if once else batches.ask
        tasks = [asyncio.ensure_future(asked(key, double, items)) for key, items in requests]
        await asyncio.sleep(0.05)
        double.gate.set()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        batches.close()
        return answers

    return asyncio.run(ask()), sizes


def test_what_arrives_while_a_batch_is_computed_makes_the_next(double):
    answers, sizes = answered(double, *[("a", [number, number + 1]) for number in range(5)])
    assert answers == [[2 * number, 2 * number + 2] for number in range(5)]
    assert double.batches == [[0, 1], [1, 2, 2, 3, 3, 4, 4, 5]]
    assert sizes == [2, 8]


def test_requests_of_other_settings_do_not_share_a_batch(double):
    answers, _ = answered(double, ("a", [1]), ("b", [2]), ("a", [3]), ("b", [4]))
    assert answers == [[2], [4], [6], [8]]
    assert double.batches == [[1], [2, 4], [3]]


def test_a_request_that_cannot_be_answered_spoils_no_other(double):
    answers, _ = answered(double, ("a", [1]), ("a", [2]), ("a", [13, 3]), ("a", [4]))
    assert [answers[place] for place in (0, 1, 3)] == [[2], [4], [8]]
    assert isinstance(answers[2], InputError)


def test_a_large_request_does_not_keep_small_ones_waiting(double):
    many = list(range(20, 20 + MAX_BATCH + 1))
    answers, sizes = answered(double, ("a", many), ("a", [1]))
    assert answers == [[2 * number for number in many], [2]]
    assert sizes == [1]


def test_a_batch_holds_no_more_than_it_may():
    waiting = [WaitingItems([0] * 40, None), WaitingItems([0] * 24, None), WaitingItems([0], None)]
    assert _first(waiting) == (waiting[:2], waiting[2:])


def test_a_client_that_is_gone_is_not_answered(double):
    async def ask():
        batches = MicroBatches(lambda size: None)
        first, gone, last = (asyncio.ensure_future(batches.ask("a", double, [number])) for number in range(3))
        await asyncio.sleep(0.05)
        gone.cancel()
        await asyncio.sleep(0)
        double.gate.set()
        answers = await asyncio.gather(first, last)
        batches.close()
        return answers

    assert asyncio.run(ask()) == [[0], [4]]
    assert double.batches == [[0], [2]]


def test_what_was_asked_is_kept(double):
    double.gate.set()

    async def ask():
        batches = MicroBatches(lambda size: None)
        answers = [await batches.ask_once("a", double, items) for items in ([1, 2, 1], [2, 3], [1], [])]
        answers.append(await batches.ask_once("b", double, [1]))
        batches.close()
        return answers

    assert asyncio.run(ask()) == [[2, 4, 2], [4, 6], [2], [], [2]]
    assert double.batches == [[1, 2], [3], [1]]

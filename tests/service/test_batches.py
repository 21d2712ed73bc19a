"""Batches are made of what waits, whoever asked it."""

import asyncio

import pytest

from embedkit import InputError
from embedkit.service.batches import MAX_BATCH, MicroBatches, WaitingItems, _first


class Doubling:
    """Doubles numbers; 13 cannot be."""

    def __init__(self):
        self.batches = []

    def __call__(self, items):
        self.batches.append(list(items))
        if 13 in items:
            raise InputError("13 brings bad luck")
        return [2 * item for item in items]


@pytest.fixture
def double():
    return Doubling()


def answered(double, *requests):
    """The answers to requests that are made at once, each (key, items), or what they raised; and sizes."""
    sizes = []

    async def ask():
        batches = MicroBatches(sizes.append)
        asked = [batches.ask(key, double, items, quick=True) for key, items in requests]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        batches.close()
        return answers

    return asyncio.run(ask()), sizes


def test_what_is_asked_at_once_makes_a_batch(double):
    answers, sizes = answered(double, *[("a", [number, number + 1]) for number in range(5)])
    assert answers == [[2 * number, 2 * number + 2] for number in range(5)]
    assert double.batches == [[0, 1, 1, 2, 2, 3, 3, 4, 4, 5]]
    assert sizes == [10]


def test_what_is_too_much_for_a_batch_makes_the_next(double):
    answers, sizes = answered(double, *[("a", [number]) for number in range(20, MAX_BATCH + 23)])
    assert answers == [[2 * number] for number in range(20, MAX_BATCH + 23)]
    assert sizes == [MAX_BATCH, 3]


def test_requests_of_other_settings_do_not_share_a_batch(double):
    answers, _ = answered(double, ("a", [1]), ("b", [2]), ("a", [3]), ("b", [4]))
    assert answers == [[2], [4], [6], [8]]
    assert double.batches == [[1, 3], [2, 4]]


def test_a_request_that_cannot_be_answered_spoils_no_other(double):
    answers, _ = answered(double, ("a", [1]), ("a", [2]), ("a", [13, 3]), ("a", [4]))
    assert [answers[place] for place in (0, 1, 3)] == [[2], [4], [8]]
    assert isinstance(answers[2], InputError)


def test_a_large_request_is_answered_apart(double):
    many = list(range(20, 20 + MAX_BATCH + 1))
    answers, sizes = answered(double, ("a", many), ("a", [1]))
    assert answers == [[2 * number for number in many], [2]]
    assert sizes == [1]


def test_a_batch_holds_no_more_than_it_may():
    waiting = [WaitingItems([0] * 10, None), WaitingItems([0] * 6, None), WaitingItems([0], None)]
    assert _first(waiting) == (waiting[:2], waiting[2:])


def test_a_client_that_is_gone_is_not_answered(double):
    async def ask():
        batches = MicroBatches(lambda size: None)
        asked = [asyncio.ensure_future(batches.ask("a", double, [number], quick=True)) for number in range(3)]
        asyncio.get_running_loop().call_soon(asked[1].cancel)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        batches.close()
        return answers

    first, gone, last = asyncio.run(ask())
    assert (first, last) == ([0], [4])
    assert isinstance(gone, asyncio.CancelledError)
    assert double.batches == [[0, 2]]


def test_what_was_asked_is_kept(double):
    async def ask():
        batches = MicroBatches(lambda size: None)
        answers = [
            await batches.ask_once("a", double, items, quick=True) for items in ([1, 2, 1], [2, 3], [1], [])
        ]
        answers.append(await batches.ask_once("b", double, [1], quick=False))
        batches.close()
        return answers

    assert asyncio.run(ask()) == [[2, 4, 2], [4, 6], [2], [], [2]]
    assert double.batches == [[1, 2], [3], [1]]

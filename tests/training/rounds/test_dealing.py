"""Noise that is dealt: by whom a word is drawn, how often in the mean, and who may change rows in place."""

import numpy as np
import pytest

from embedkit.training.kernels.touched_rows import count_workers
from embedkit.training.reference.negative_sampling import Draws
from embedkit.training.rounds.dealing import MOST, SELDOM, DealtNoise

WORDS, WORKERS = 23, 3


@pytest.fixture(scope="module")
def noise():
    targets = SELDOM * np.geomspace(20, 0.1, WORDS)
    probability = targets**0.75 / (targets**0.75).sum()
    frequent = np.count_nonzero(targets >= SELDOM)
    assert probability[frequent:].sum() < MOST
    return DealtNoise(probability, targets, WORKERS), probability, frequent


def words(noise, worker, number):
    table, share = noise.share(worker, number)
    return Draws(np.zeros(0), table, 0, share).words


def test_each_rare_word_is_of_one_worker_and_goes_round(noise):
    dealt, _, frequent = noise
    owners = np.full((WORKERS, WORDS), -1)
    for number in range(WORKERS):
        for worker in range(WORKERS):
            own = words(dealt, worker, number)
            assert own[:frequent] == list(range(frequent))
            assert (owners[number, own[frequent:]] == -1).all()
            owners[number, own[frequent:]] = worker
    assert (np.sort(owners[:, frequent:], axis=0) == np.arange(WORKERS)[:, None]).all()


def test_a_word_is_drawn_as_often_as_without_dealing(noise):
    """By all workers and rounds together, up to the balance of the shares, and the grain of the tables."""
    dealt, probability, _ = noise
    found = np.zeros(WORDS)
    for worker in range(WORKERS):
        table, _ = dealt.share(worker, 0)
        own = (table[:, 0] + 1.0) / 2**32 / len(table)
        chances = own.copy()
        np.add.at(chances, table[:, 1].astype(int), 1 / len(table) - own)
        found[words(dealt, worker, 0)] += chances / WORKERS
    np.testing.assert_allclose(found, probability, rtol=0.05)
    assert found.sum() == pytest.approx(1, abs=1e-8)


def test_all_words_are_drawn_by_all_where_few_are_rare():
    dealt = DealtNoise(np.full(5, 0.2), np.array([9, 8, 7, 6, 0.1]), workers=2)
    assert words(dealt, 0, 0) == words(dealt, 1, 0) == list(range(5))


def test_no_more_than_half_of_the_noise_is_dealt():
    dealt = DealtNoise(np.full(20, 0.05), np.full(20, 0.01), workers=2)
    assert dealt.first == pytest.approx(20 * (1 - MOST), abs=1)


@pytest.mark.parametrize("number", [0, 1, 5])
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_rows_are_of_one_worker_if_no_other_marks_or_draws_them(noise, workers, number):
    dealt, _, frequent = noise
    marks = np.random.default_rng(0).integers(0, 2, (WORKERS, WORDS)).astype(np.uint8)
    touched = np.zeros(WORDS, np.uint8)
    for start, stop in ((0, 2), (2, 15), (15, WORDS)):
        count_workers(marks, workers, frequent, number, touched, start, stop)
    by = marks.astype(bool)
    by[:, :frequent] = True
    for worker in range(WORKERS):
        by[worker, words(dealt, worker, number)[frequent:]] = True
    several = by[:workers].sum(axis=0) > 1
    several[:frequent] = True
    assert (touched[several] == 2).all()
    if workers == WORKERS:
        assert (touched[~several] == 1).all()


def test_without_noise_rows_are_of_the_workers_that_mark_them():
    marks = np.array([[0, 1, 1, 0], [0, 1, 0, 0], [1, 1, 0, 0]], np.uint8)
    touched = np.zeros(4, np.uint8)
    count_workers(marks, 3, -1, 4, touched, 0, 4)
    assert touched.tolist() == [1, 2, 1, 0]

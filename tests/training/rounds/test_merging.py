"""How rows of several workers are merged: closed forms, and the kernel against its numpy twin."""

import numpy as np
import pytest

from embedkit.training.kernels.private_rows import MERGED_AHEAD
from embedkit.training.reference import rounds as reference
from embedkit.training.rounds.merging import damping
from embedkit.training.rounds.rounds import Rounds
from embedkit.training.rounds.row_pool import RowPool

WORDS = 3 * MERGED_AHEAD


@pytest.fixture
def pool():
    return changed_pool(workers=3)


def changed_pool(workers, groups=None):
    """Of these, worker k has changed every word that k + 1 divides."""
    pool = RowPool(WORDS, 20, workers, capacity=WORDS)
    pool.divide(groups or workers)
    random = np.random.default_rng(0)
    numbers = pool.flat.reshape(-1, 32)
    numbers[:WORDS, :20] = random.normal(size=(WORDS, 20))
    for worker in range(workers):
        words = np.arange(0, WORDS, worker + 1)
        private = pool.private(worker)
        rows = private.first + random.permutation(len(words))
        private.places[words] = rows
        private.changed[rows - private.first] = words
        private.used[0] = len(words)
        numbers[rows, :20] = random.normal(size=(len(words), 20))
    return pool


def merged(pool, numbers, parts=1):
    """Merge with these dampings."""
    pool.damping = numbers.astype(np.float32)
    rounds = Rounds(3, [pool])
    for part in range(parts):
        rounds.merge(part, parts)
    return rounds


def private_rows(pool):
    """What each worker finds at each word, and which words it has changed."""
    places = np.where(pool.places < 0, np.arange(WORDS), pool.places)
    return list(pool.flat.reshape(-1, 32).astype(float)[places]), list(pool.places >= 0)


@pytest.mark.parametrize("parts", [1, 4, 50])
def test_kernel_and_twin_merge_alike_in_any_parts(pool, parts):
    numbers = damping(np.geomspace(1e4, 1e-3, WORDS), half=133)
    expected = pool.rows.astype(float)
    reference.merge(expected, *private_rows(pool), numbers)
    rounds = merged(pool, numbers, parts)
    np.testing.assert_allclose(pool.rows, expected, atol=1e-6)
    for worker in range(3):
        rounds.begin(worker)
    assert (pool.places < 0).all()  # nobody has private rows any longer
    assert not any(len(pool.changed(worker)) for worker in range(3))


@pytest.mark.parametrize("parts", [1, 4])
@pytest.mark.parametrize("groups", [1, 2, 3])
@pytest.mark.parametrize("workers", [6, 5, 3])
def test_groups_are_merged_as_their_workers_are(parts, groups, workers):
    """Their changes are added up first; of the last round of an epoch a part of a group may take part."""
    pool, alone = changed_pool(6, groups), changed_pool(6)
    alone.damping = pool.damping = damping(np.geomspace(1e4, 1e-3, WORDS), half=67)
    Rounds(6, [alone]).merge(workers=workers)
    rounds = Rounds(6, [pool])
    for leader in rounds.leaders(workers):
        rounds.adopt(leader, [rounds.add_up(leader, workers, part, parts) for part in range(parts)])
    for part in range(parts):
        rounds.merge(part, parts, workers)
    np.testing.assert_allclose(pool.rows, alone.rows, atol=1e-5)
    for worker in range(6):
        rounds.begin(worker)
    assert (pool.places < 0).all()


def test_only_the_workers_of_a_round_are_merged(pool):
    """Not what those made that had a piece in the round before, but have none in this one, the last."""
    expected = pool.rows.astype(float)
    numbers = np.zeros(WORDS)
    reference.merge(expected, *(each[:2] for each in private_rows(pool)), numbers)
    pool.damping = numbers.astype(np.float32)
    Rounds(3, [pool]).merge(workers=2)
    np.testing.assert_allclose(pool.rows, expected, atol=1e-6)


def test_changes_are_added_without_damping_and_averaged_with_all(pool):
    before = pool.rows.astype(float)
    private, changed = private_rows(pool)
    change = np.array(
        [np.where(own[:, None], row - before, 0) for row, own in zip(private, changed, strict=True)]
    )
    numbers = np.zeros(WORDS, np.float32)
    numbers[WORDS // 2 :] = 1
    merged(pool, numbers)
    count = np.sum(changed, axis=0)[:, None]
    moved = pool.rows - before
    np.testing.assert_allclose(moved[: WORDS // 2], change.sum(axis=0)[: WORDS // 2], atol=1e-5)
    np.testing.assert_allclose(moved[WORDS // 2 :], (change.sum(axis=0) / count)[WORDS // 2 :], atol=1e-5)


def test_what_one_worker_changed_is_taken_to_the_bit(pool):
    for worker in (1, 2):
        pool.places[worker] = -1
        pool.private(worker).used[:] = 0
    own = pool.flat.reshape(-1, 32)[pool.places[0]].copy()
    merged(pool, np.ones(WORDS, np.float32))
    assert pool.rows.tobytes() == own.tobytes()


def test_damping_is_a_half_where_it_should_be_and_rises_with_the_updates():
    numbers = damping(np.array([0.0, 10.0, 25.0, 1e9]), half=25)
    assert numbers[0] == 0
    assert numbers[2] == 0.5
    assert (np.diff(numbers) > 0).all()
    assert numbers[3] == pytest.approx(1)

"""Pairs as arrays."""

import numpy as np

from embedkit.translation.batches import NumberedPairs

PAIRS = NumberedPairs.of([[5], [6, 7, 8], [9, 9]], [[3, 4], [], [5]])


def test_lengths_count_ends_and_the_mask_tells_tokens():
    batch = PAIRS.batch([0, 1])
    assert batch.source_lengths.tolist() == [2, 4]
    assert batch.target_lengths.tolist() == [3, 1]
    assert batch.mask.tolist() == [[True, True, True], [True, False, False]]
    assert batch.inputs.tolist() == [[2, 3, 4], [2, 0, 0]]


def test_parts_are_filled_up_to_their_own_longest():
    first, second = PAIRS.batch([0, 2, 1]).parts(2)
    assert first.sources.tolist() == [[5, 0, 0], [9, 9, 0]]
    assert second.targets.tolist() == [[0]]
    assert len(PAIRS.batch([0]).parts(4)) == 1


def test_each_pair_stands_in_one_batch_beside_others_of_its_length():
    lengths = [1, 9, 1, 9, 1, 9]
    pairs = NumberedPairs.of([[3]] * 6, [[4] * length for length in lengths])
    batches = list(pairs.batches(3, seed=1))
    assert sorted({*batch.target_lengths.tolist()} == {2} for batch in batches) == [False, True]
    assert sum(len(batch.sources) for batch in batches) == 6
    again = [batch.targets for batch in pairs.batches(3, seed=1)]
    assert all(np.array_equal(one.targets, other) for one, other in zip(batches, again, strict=True))

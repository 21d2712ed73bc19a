"""Length buckets: each text once, little padding, and the same batches for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import length_buckets
from embedkit.errors import InputError
from embedkit.text.sequences.buckets import WINDOW


@given(
    st.lists(st.integers(0, 1000), max_size=200),
    st.integers(1, 40),
    st.none() | st.integers(0, 9),
)
def test_buckets_hold_every_text_once(lengths, batch_size, seed):
    batches = list(length_buckets(lengths, batch_size, seed))
    assert sorted(np.concatenate([*batches, []]).tolist()) == list(range(len(lengths)))
    assert sorted(map(len, batches), reverse=True)[:-1] == [batch_size] * (len(batches) - 1)
    again = list(length_buckets(np.array(lengths, np.uint16), batch_size, seed))
    assert [batch.tolist() for batch in again] == [batch.tolist() for batch in batches]


def test_buckets_save_padding_and_depend_on_the_seed():
    lengths = np.random.default_rng(1).integers(1, 500, 32 * WINDOW * 2)
    batches = list(length_buckets(lengths, 32, seed=1))
    padding = sum(len(batch) * lengths[batch].max() - lengths[batch].sum() for batch in batches)
    assert padding < 0.05 * lengths.sum()
    assert [batch.tolist() for batch in length_buckets(lengths, 32, seed=2)] != [b.tolist() for b in batches]
    means = [lengths[batch].mean() for batch in batches]
    assert means != sorted(means)


def test_buckets_for_prediction_begin_with_the_longest():
    batches = list(length_buckets(np.array([3, 9, 3, 5]), 2))
    assert [batch.tolist() for batch in batches] == [[1, 3], [0, 2]]


def test_no_texts_are_no_batches():
    assert list(length_buckets([], 2)) == list(length_buckets(np.array([], int), 2, seed=1)) == []


def test_a_batch_holds_a_text():
    with pytest.raises(InputError, match="at least 1 text a batch, got 0"):
        length_buckets([1], 0)


@pytest.mark.parametrize("lengths", [[[1, 2], [3, 4]], [[1, 2], [3]], 5, [1.5], ["two"], [3, -1]])
def test_what_is_no_length(lengths):
    with pytest.raises(InputError, match=r"expected a length of at least 0 for each text.*list\(map\(len"):
        length_buckets(lengths, 2)

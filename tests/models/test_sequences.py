"""Ids in rows and batches: nothing lost, nothing padded away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import InputError
from embedkit.models.sequences import PADDING, UNKNOWN, WINDOW, WordIds, encode, length_buckets

texts_of_ids = st.lists(st.lists(st.integers(0, 40), max_size=12), min_size=1, max_size=30)


def sequences(texts):
    return encode(
        [[f"w{number}" for number in text] for text in texts], WordIds([f"w{i}" for i in range(30)])
    )


def rows(texts):
    """The same in plain Python."""
    return [[number + 2 if number < 30 else UNKNOWN for number in text] or [UNKNOWN] for text in texts]


@given(texts_of_ids)
def test_words_follow_padding_and_unknown(texts):
    encoded = sequences(texts)
    assert [encoded[i].tolist() for i in range(len(encoded))] == rows(texts)
    assert (encoded.ids.dtype, len(encoded)) == (np.int32, len(texts))


@given(texts_of_ids, st.integers(0, 6), st.integers(0, 6))
def test_truncation_keeps_both_ends(texts, first, last):
    if first + last == 0:
        last = 1
    expected = [
        row if len(row) <= first + last else row[:first] + row[len(row) - last :] for row in rows(texts)
    ]
    cut = sequences(texts).truncated(first, last)
    assert [cut[i].tolist() for i in range(len(cut))] == expected


@given(texts_of_ids, st.integers(1, 5), st.randoms())
def test_padding_is_on_the_right_and_of_the_length_asked_for(texts, multiple, random):
    chosen = random.sample(range(len(texts)), random.randint(1, len(texts)))
    padded = sequences(texts).padded(np.array(chosen), multiple)
    longest = max(len(rows(texts)[i]) for i in chosen)
    assert padded.shape[1] % multiple == 0
    assert longest <= padded.shape[1] < longest + multiple
    for i, row in zip(chosen, padded.tolist(), strict=True):
        expected = rows(texts)[i]
        assert row == expected + [PADDING] * (len(row) - len(expected))


@given(
    st.lists(st.integers(1, 1000), max_size=200).map(np.array),
    st.integers(1, 40),
    st.none() | st.integers(0, 9),
)
def test_buckets_hold_every_text_once(lengths, batch_size, seed):
    batches = list(length_buckets(lengths, batch_size, seed))
    assert sorted(np.concatenate([*batches, []]).tolist()) == list(range(len(lengths)))
    assert sorted(map(len, batches), reverse=True)[:-1] == [batch_size] * (len(batches) - 1)
    again = list(length_buckets(lengths, batch_size, seed))
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
    assert list(length_buckets(np.array([], int), 2, seed=1)) == []
    assert len(encode([], WordIds(["a"]))) == 0


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-1, 2), (2, -1)])
def test_a_truncation_keeps_something(first, last):
    with pytest.raises(InputError, match=f"got {first} first and {last} last"):
        sequences([[1]]).truncated(first, last)


def test_a_batch_holds_a_text():
    with pytest.raises(InputError, match="at least 1 text a batch, got 0"):
        list(length_buckets(np.array([1]), 0))

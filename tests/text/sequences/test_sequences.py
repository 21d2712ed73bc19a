"""Ids of texts of any lengths: nothing lost, nothing padded away."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import InputError
from embedkit.text.sequences.sequences import joined

texts_of_ids = st.lists(st.lists(st.integers(-9, 40), max_size=12), min_size=1, max_size=30)


@given(texts_of_ids)
def test_texts_are_what_was_given(texts):
    sequences = joined(texts)
    assert sequences.tolist() == [row.tolist() for row in sequences] == texts
    assert sequences.lengths.tolist() == list(map(len, texts))
    assert sequences.texts.tolist() == [number for number, text in enumerate(texts) for _ in text]
    assert (sequences.ids.dtype, len(sequences), sequences[-1].tolist()) == (np.int32, len(texts), texts[-1])
    assert joined(texts, empty=7).tolist() == [text or [7] for text in texts]


@given(texts_of_ids)
def test_some_places_of_each_text(texts):
    sequences = joined(texts)
    kept = sequences.where(sequences.ids > 5)
    assert kept.tolist() == [[number for number in text if number > 5] for text in texts]


@pytest.mark.parametrize("number", [2, -3])
def test_a_text_that_is_not_there(number):
    with pytest.raises(IndexError, match=f"there are 2 texts, got the number {number}"):
        joined([[1], [2]])[number]


@given(texts_of_ids, st.integers(0, 6), st.integers(0, 6))
def test_truncation_keeps_both_ends(texts, first, last):
    if first + last == 0:
        last = 1
    expected = [row if len(row) <= first + last else row[:first] + row[len(row) - last :] for row in texts]
    assert joined(texts).truncated(first, last).tolist() == expected


@given(texts_of_ids, st.randoms())
def test_padding_is_on_the_right_up_to_the_longest(texts, random):
    chosen = random.sample(range(len(texts)), random.randint(1, len(texts)))
    longest = max(len(texts[i]) for i in chosen)
    padded = joined(texts).padded(np.array(chosen))
    assert padded.dtype == np.int32
    assert padded.tolist() == [texts[i] + [0] * (longest - len(texts[i])) for i in chosen]


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-1, 2), (2, -1)])
def test_a_truncation_keeps_something(first, last):
    with pytest.raises(InputError, match=f"got {first} first and {last} last"):
        joined([[1]]).truncated(first, last)


def test_some_of_the_texts_in_any_order():
    sequences = joined([[5, 6], [], [7], [8, 9, 10]])
    assert sequences.only(np.array([3, 1, 0, 3])).tolist() == [[8, 9, 10], [], [5, 6], [8, 9, 10]]
    assert len(sequences.only(np.array([], np.int64))) == 0

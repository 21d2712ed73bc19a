import numpy as np
import pytest

from embedkit import InputError, Vocabulary
from embedkit.vectors.spaces.words import common_rows, frequency_ranks


def test_common_words_come_by_the_rank_where_they_are_rarer():
    a = Vocabulary(["the", "cat", "mouse", "dog"], np.array([9, 5, 7, 1]))
    b = Vocabulary(["dog", "the", "cow", "cat", "mouse"])
    ours, theirs = common_rows(a, b)
    assert [a.words[row] for row in ours] == ["the", "cat", "dog", "mouse"]
    assert [b.words[row] for row in theirs] == ["the", "cat", "dog", "mouse"]
    assert [a.words[row] for row in common_rows(a, b, 2)[0]] == ["the", "cat"]
    assert frequency_ranks(a).tolist() == [0, 2, 1, 3]


def test_no_common_words():
    with pytest.raises(InputError, match="no words in common, such as 'a' and 'b'"):
        common_rows(Vocabulary(["a"]), Vocabulary(["b"]))

"""The ids of words in a model: padding and unknown words come before them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from embedkit.models.word_ids import UNKNOWN, WordIds, encode


@given(st.lists(st.lists(st.integers(0, 40), max_size=12), max_size=30))
def test_words_follow_padding_and_unknown(texts):
    encoded = encode(
        [[f"w{number}" for number in text] for text in texts], WordIds([f"w{i}" for i in range(30)])
    )
    expected = [[number + 2 if number < 30 else UNKNOWN for number in text] or [UNKNOWN] for text in texts]
    assert encoded.tolist() == expected
    assert encoded.ids.dtype == np.int32

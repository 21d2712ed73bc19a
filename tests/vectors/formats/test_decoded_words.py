import warnings
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.vectors.formats.decoded_words import DecodedWords


@given(
    st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), max_size=4), max_size=4)
)
def test_words_of_any_blocks_come_back(blocks):
    words = DecodedWords(Path("v"))
    for block in blocks:
        words.extend([word.encode() for word in block])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert words.finished() == [word for block in blocks for word in block]


def test_what_is_not_utf8_is_counted_and_told_once():
    words = DecodedWords(Path("v"))
    words.extend([b"f\xfcr", "\ufffd".encode()])
    words.extend([b"d\xe9j\xe0", b"vu"])
    with pytest.warns(UserWarning, match=r"v: bytes that are not UTF-8 .* \(2, such as b'f\\xfcr'\)") as told:
        assert words.finished() == ["f\ufffdr", "\ufffd", "d\ufffdj\ufffd", "vu"]
    assert len(told) == 1

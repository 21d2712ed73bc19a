from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.distinct_words import are_distinct


@given(st.lists(st.text(max_size=2)))
def test_as_a_set_tells(words):
    assert are_distinct(words) == (len(set(words)) == len(words))


def test_words_of_the_same_hash_are_distinct():
    class Word(str):
        __slots__ = ()

        def __hash__(self):
            return 1

    assert are_distinct([Word("a"), Word("b")])

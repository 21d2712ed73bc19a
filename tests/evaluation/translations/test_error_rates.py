"""Edit distances by hand and by their recursion, and error rates."""

from functools import cache
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from embedkit import edit_distance, error_rate


@given(st.text("ab", max_size=6), st.text("abc", max_size=6))
def test_the_distance_is_that_of_its_recursion(first, second):
    @cache
    def distance(i, j):
        if not (i and j):
            return i + j
        changed = distance(i - 1, j - 1) + (first[i - 1] != second[j - 1])
        return min(changed, distance(i - 1, j) + 1, distance(i, j - 1) + 1)

    assert edit_distance(first, second) == distance(len(first), len(second))
    assert edit_distance(list(first), list(second)) == distance(len(first), len(second))


def test_rates_are_of_all_texts_together():
    assert error_rate(["a b", "c"], ["a x", "c d"]) == 2 / 4
    assert error_rate(["ab", "c"], ["ax", "c d"], tokenize="char") == 2 / 4
    assert error_rate(["a b c"], ["a"]) == 2


def test_the_closest_reference_counts():
    assert error_rate(["a b"], [["x y z", "a b c", "a"]]) == 1 / 3


def test_without_words_nothing_or_everything_is_wrong():
    assert error_rate([""], [""]) == 0
    assert error_rate(["a"], [""]) == inf

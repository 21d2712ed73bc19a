import numpy as np
import pytest

from embedkit import Embeddings, InputError, Vocabulary, add


def test_known_words_are_replaced_and_new_ones_appended(counted):
    vectors = counted({"cat": ([1, 0], 9), "dog": ([0, 1], 4)})
    more = add(vectors, ["cow", "cat", "pig"], [[2, 2], [3, 3], [4, 4]])
    assert list(more) == ["cat", "dog", "cow", "pig"]
    assert more.matrix.tolist() == [[3, 3], [0, 1], [2, 2], [4, 4]]
    assert more.vocabulary.counts.tolist() == [9, 4, 0, 0]
    assert more.metadata["transforms"] == [{"name": "add", "added": 2, "replaced": 1}]
    assert vectors.matrix.tolist() == [[1, 0], [0, 1]]


def test_special_tokens_stay(plane):
    vocabulary = Vocabulary(["<pad>", "cat"], padding_token="<pad>")
    more = add(Embeddings(np.eye(2), vocabulary), ["dog"], [[1, 1]])
    assert more.vocabulary.padding_token == "<pad>"
    assert more.vocabulary.counts is None


def test_nothing_may_be_added(plane):
    assert add(plane, [], []).matrix.tolist() == plane.matrix.tolist()


@pytest.mark.parametrize(
    ("words", "rows", "message"),
    [
        (["a", "a"], [[1, 1], [2, 2]], "found again: 'a'"),
        (["a"], [[1, 1], [2, 2]], "a row for each of 1 words, got 2"),
        (["a"], [[1, 1, 1]], "vectors of 2 numbers"),
        (["a"], [[1, np.nan]], "finite"),
        ("ab", [[1, 1], [2, 2]], "a list of words"),
    ],
)
def test_what_does_not_fit_is_refused(plane, words, rows, message):
    with pytest.raises(InputError, match=message):
        add(plane, words, rows)

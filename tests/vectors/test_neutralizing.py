"""Neutralizing a word and equalizing a pair: by hand, by their guarantees, and beside hard debiasing."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedkit import Embeddings, InputError, UnknownWordError, debias, equalize, neutralize
from embedkit.bias.topics.topic import Topic

triples = arrays(np.float64, (4, 3), elements=st.floats(-100, 100).map(lambda number: round(number, 3)))


def test_by_hand(plane):
    assert neutralize(plane, "northeast", "east").tolist() == [0, 1]
    assert neutralize(plane, "northeast", "east - west").tolist() == [0, 1]
    assert neutralize(plane, [3, 4], "5 north").tolist() == [3, 0]
    root = 0.5**0.5
    expected = [[-root, root], [root, root]]  # the mean (0, root) is all that they share
    assert equalize(plane, [-1, 1], "northeast", "west") == pytest.approx(np.array(expected))


@given(triples)
def test_guarantees(rows):
    word, a, b, direction = rows
    norms = np.linalg.norm(rows, axis=1)
    assume((norms > 0.1).all())
    axis = direction / norms[3]
    assume(abs((a / norms[1] - b / norms[2]) @ axis) > 1e-3)
    space = Embeddings(np.eye(3), list("xyz"))
    neutral = neutralize(space, word, direction)
    assert abs(neutral @ axis) <= 1e-14 * norms[0]
    assert neutral == pytest.approx(word - (word @ axis) * axis, abs=1e-12)
    pair = equalize(space, a, b, direction)
    assert np.linalg.norm(pair, axis=1) == pytest.approx(np.ones(2), abs=1e-12)
    assert pair @ neutral == pytest.approx(np.full(2, pair[0] @ neutral), abs=1e-11)
    assert np.sign((pair[0] - pair[1]) @ axis) == np.sign((a / norms[1] - b / norms[2]) @ axis)


def test_hard_debiasing_does_the_same_to_all_words():
    words = {"she": (0.8, 0.6, 0), "he": (-0.8, 0.6, 0), "her": (1, 0, 1), "his": (-0.5, 0, 0.5)}
    space = Embeddings.from_dict({**words, "nurse": (0.6, 0.64, 0.48), "cook": (-1, 2, 2)})
    pairs = [["she", "he"], ["her", "his"]]
    topic = Topic(
        "gender", {"female": ["she", "her"], "male": ["he", "his"]}, definitional=pairs, equalize=pairs
    )
    fair = debias(space, topic, method="hard")
    axis = [1, 0, 0]
    for word in ("nurse", "cook"):
        neutral = neutralize(space, word, axis)
        assert fair[word] == pytest.approx(neutral / np.linalg.norm(neutral), abs=1e-7)
    for a, b in pairs:
        assert fair.rows([a, b]) == pytest.approx(equalize(space, a, b, axis), abs=1e-7)


def test_what_has_no_direction(plane):
    with pytest.raises(InputError, match="got the length 0 of 'east - east'"):
        neutralize(plane, "north", "east - east")
    with pytest.raises(InputError, match="got the length 0 of 'nothing'"):
        equalize(plane, "nothing", "east", "north")
    with pytest.raises(InputError, match="differ along 'north', got 'east' and 'west'"):
        equalize(plane, "east", "west", "north")
    with pytest.raises(UnknownWordError):
        neutralize(plane, "noth", "east")

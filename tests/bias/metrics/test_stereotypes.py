"""Stereotype analogies against every pair compared one by one."""

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.bias.metrics import stereotypes
from embedkit.bias.metrics.stereotypes import stereotype_analogies
from embedkit.errors import InputError


def space(vectors):
    return Embeddings(np.array(list(vectors.values()), float), Vocabulary(list(vectors)))


@pytest.fixture
def jobs():
    """Two trades, each with a word on either side of axis 0, far from the other trade."""
    return space(
        {
            "she": (1, 0, 0, 5),
            "he": (-1, 0, 0, 5),
            "nurse": (0.3, 3, 0, 0),
            "surgeon": (-0.3, 3, 0.1, 0),
            "actress": (0.5, 0, 3, 0),
            "actor": (-0.5, 0, 3, 0),
            "drama": (0.1, 0.2, 3, 0),
            "void": (0, 0, 0, 0),
        }
    )


@pytest.fixture
def noise():
    """300 random words in 4 dimensions, where many are near each other."""
    vectors = np.random.default_rng(1).normal(size=(300, 4))
    return space({f"word{i}": row for i, row in enumerate(vectors)})


def by_hand(vectors, direction, delta, max_vocabulary):
    """All ordered pairs, best first, as long as both words are new."""
    unit = vectors.unit_matrix[:max_vocabulary].astype(float)
    axis = np.asarray(direction, float) / np.linalg.norm(direction)
    scores = {}
    for x in range(len(unit)):
        for y in range(len(unit)):
            distance = np.linalg.norm(unit[x] - unit[y])
            if x != y and distance <= delta and (unit[x] - unit[y]) @ axis > 0:
                scores[x, y] = (unit[x] - unit[y]) @ axis / distance
    used, chosen = set(), []
    for x, y in sorted(scores, key=lambda pair: -scores[pair]):
        if not {x, y} & used:
            chosen.append((f"word{x}", f"word{y}", scores[x, y]))
            used |= {x, y}
    return chosen


def test_pairs_go_with_the_seed_pair_and_no_word_comes_twice(jobs):
    found = stereotype_analogies(jobs, jobs["she"] - jobs["he"])
    assert [(pair.x, pair.y) for pair in found] == [
        ("she", "he"),
        ("actress", "actor"),
        ("nurse", "surgeon"),
    ]
    assert found[0].score == pytest.approx(1)
    assert found[2].score == pytest.approx(0.98, abs=0.01)


def test_the_other_way_round_the_pairs_turn(jobs):
    there = stereotype_analogies(jobs, jobs["she"] - jobs["he"])
    back = stereotype_analogies(jobs, jobs["he"] - jobs["she"])
    assert [(pair.y, pair.x) for pair in back] == [(pair.x, pair.y) for pair in there]


def test_words_can_be_left_out_and_pairs_kept_short(jobs):
    direction = jobs["she"] - jobs["he"]
    found = stereotype_analogies(jobs, direction, excluded=["She", "he", "unknown"])
    assert found[0][:2] == ("actress", "actor")
    near = stereotype_analogies(jobs, direction, delta=0.3)  # "actress" is 0.33 from "actor"
    assert [pair[:2] for pair in near] == [("nurse", "surgeon"), ("drama", "actor")]
    assert stereotype_analogies(jobs, direction, max_vocabulary=1) == []


@pytest.mark.parametrize("delta", [0.2, 0.7, 1.5])
@pytest.mark.parametrize(("held", "block"), [(1 << 16, 1024), (5, 7)])
def test_all_pairs_are_compared_whatever_is_held_at_once(noise, monkeypatch, delta, held, block):
    monkeypatch.setattr(stereotypes, "HELD", held)
    monkeypatch.setattr(stereotypes, "BLOCK", block)
    direction = (1, 2, 0, -1)
    found = stereotype_analogies(noise, direction, top=40, max_vocabulary=120, delta=delta)
    expected = by_hand(noise, direction, delta, 120)[:40]
    assert [pair[:2] for pair in found] == [pair[:2] for pair in expected]
    assert [pair.score for pair in found] == pytest.approx([pair[2] for pair in expected], abs=1e-4)


def test_words_of_the_same_vector_are_no_pair():
    vectors = space({"a": (1, 0.1), "twin": (1, 0.1), "b": (1, 0.4)})
    found = stereotype_analogies(vectors, (0, 1))
    assert [pair[:2] for pair in found] == [("b", "a")]


def test_wrong_settings_are_refused(jobs):
    with pytest.raises(InputError, match="distance"):
        stereotype_analogies(jobs, jobs["she"], delta=0)
    with pytest.raises(InputError, match="top"):
        stereotype_analogies(jobs, jobs["she"], top=0)

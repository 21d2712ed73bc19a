"""Hard and multiclass debiasing: worked by hand, and their guarantees on any space."""

import dataclasses
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError
from embedkit.bias.debiasing import debias
from embedkit.bias.methods.hard import Hard
from embedkit.bias.methods.multiclass import Multiclass
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import Topic, topic
from embedkit.bias.topics.word_sets import match_sets
from embedkit.vectors.projections import equalized, neutralized
from tests.bias.spaces import GENDERED, PAIRS, direct_bias, random_space, space, three_classes

EXACT = 1e-7  # what rounding to float32 leaves of a product that is zero, at length 1


def test_by_hand():
    """The direction is x: neutral words lose x, pairs keep the y or z they share, actress is kept."""
    half = np.sqrt(0.5)
    found = Hard().apply(space(GENDERED), PAIRS)
    expected = {
        "she": (half, half, 0),
        "he": (-half, half, 0),
        "her": (half, 0, half),
        "his": (-half, 0, half),
        "actress": (0.6, 0.8, 0),
        "nurse": (0, 1, 0),
        "cook": (0, 0, 1),
    }
    for word, row in expected.items():
        assert found[word] == pytest.approx(row, abs=EXACT), word


def test_equalized_pairs_reach_unit_norm_by_hand():
    """(0.6, 0.8) and (1, 0) along x: mean (0.8, 0.4), what they share (0, 0.4), reach sqrt(0.84)."""
    found = equalized(np.array([[0.6, 0.8], [1.0, 0.0]]), np.array([[1.0, 0.0]]), ("a", "b"))
    assert found == pytest.approx(np.array([[-np.sqrt(0.84), 0.4], [np.sqrt(0.84), 0.4]]))


def check_guarantees(before, after, topic, components):
    """Zero projection of neutral words, unit norm of equalized ones, equal distances, the rest kept."""
    basis = subspace(before, topic, components=components).basis
    kept = {word.lower() for word in topic.definitional_words}
    equalized = match_sets(before, topic.equalize).words
    neutral = [word for word in before if word not in kept]
    rows = after.rows(neutral).astype(np.float64)
    assert np.abs(rows @ basis.T).max() <= EXACT
    assert np.abs(np.linalg.norm(rows, axis=1) - 1).max() <= EXACT
    for words in equalized:
        members = after.rows(words).astype(np.float64)
        assert np.abs(np.linalg.norm(members, axis=1) - 1).max() <= EXACT
        assert np.ptp(rows @ members.T, axis=1).max() <= 3 * EXACT
    only_kept = [w for w in before if w in kept and w not in set(chain.from_iterable(equalized))]
    if only_kept:
        wide = before.rows(only_kept).astype(np.float64)
        unit = wide / np.linalg.norm(wide, axis=1, keepdims=True)
        assert after.rows(only_kept) == pytest.approx(unit, abs=EXACT)


@given(st.integers(0, 10_000), st.integers(3, 40))
def test_guarantees_for_pairs(seed, size):
    vectors = random_space(seed, size=size)
    check_guarantees(vectors, Hard().apply(vectors, PAIRS), PAIRS, 1)


@given(st.integers(0, 10_000), st.integers(4, 40))
def test_guarantees_for_three_classes(seed, size):
    vectors, three = three_classes(seed, size=size)
    check_guarantees(vectors, Multiclass().apply(vectors, three), three, 2)


@pytest.mark.parametrize("name", ["race", "religion", "gender", "age"])
def test_guarantees_on_the_shipped_vectors(english, name):
    found = topic(name)
    after = Multiclass().apply(english, found)
    check_guarantees(english, after, found, len(found.classes) - 1)


def test_multiclass_of_two_classes_is_hard(english):
    first, second = (debias(english, "gender", method).matrix for method in ("hard", "multiclass"))
    np.testing.assert_array_equal(first, second)


@given(st.integers(0, 10_000))
def test_hard_twice_is_hard_once(seed):
    """All pairs are equalized, so that the direction found again is the same."""
    once = Hard().apply(random_space(seed), PAIRS)
    assert Hard().apply(once, PAIRS).matrix == pytest.approx(once.matrix, abs=1e-5)


def test_the_direct_bias_of_professions_falls(english):
    gender = topic("gender")
    words = [word for word in gender.neutral if word in english]
    direction = subspace(english, gender).direction
    assert direct_bias(english, words, direction) > 0.1
    after = debias(english)
    assert direct_bias(after, words, direction) < EXACT
    assert direct_bias(after, words, subspace(after, gender).direction) < 0.02


def test_lengths_and_scale_do_not_matter():
    vectors = random_space(1)
    longer = space({word: (i + 1) * vectors[word] for i, word in enumerate(vectors)})
    assert Hard().apply(longer, PAIRS).matrix == pytest.approx(Hard().apply(vectors, PAIRS).matrix, abs=1e-6)


def test_zero_rows_and_rows_of_bias_alone_become_zero():
    rows = {"nurse": (2.0, 0.0, 0.0), "cook": (0.0, 0.0, 0.0)}
    found = Hard().apply(space(GENDERED | rows), PAIRS)
    assert not found.rows(["nurse", "cook"]).any()


def test_all_blocks_are_neutralized():
    """More rows than a block; kept rows on both sides of its end."""
    generator = np.random.default_rng(2)
    matrix = generator.normal(size=(2500, 5)).astype(np.float32)
    basis = np.array([[0, 0.6, 0.8, 0, 0]])
    kept = np.array([0, 1023, 1024, 2499])
    found = neutralized(matrix, basis, kept)
    others = np.delete(found, kept, axis=0)
    assert np.abs(others.astype(np.float64) @ basis.T).max() <= EXACT
    rows = matrix[kept].astype(np.float64)
    assert found[kept] == pytest.approx(rows / np.linalg.norm(rows, axis=1, keepdims=True), abs=EXACT)


def test_the_metadata_tell_it():
    vectors = space(GENDERED, {"corpus": "c", "transforms": [{"name": "center"}]})
    provenance = Hard(components=1).apply(vectors, PAIRS).metadata
    assert provenance["corpus"] == "c"
    assert provenance["transforms"] == [
        {"name": "center"},
        {
            "name": "debias",
            "method": "hard",
            "parameters": {"subspace": "pca", "components": 1, "keep": "listed", "seed": 1},
            "topic": {"name": "pairs", "fingerprint": PAIRS.fingerprint},
            "equalized": [2, 2],
            "kept": ["she", "he", "her", "his", "actress"],
        },
    ]


def test_the_vectors_given_stay_as_they_are():
    vectors = space(GENDERED)
    before = vectors.matrix.copy()
    Hard().apply(vectors, PAIRS)
    np.testing.assert_array_equal(vectors.matrix, before)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"equalize": [["she", "he"], ["She", "his"]]}, "'she' is twice in the equalize sets"),
        ({"equalize": [["she", "he", "cook"]], "neutral": ()}, "would coincide: a subspace of 1 comp"),
    ],
)
def test_sets_that_cannot_be_equalized(changes, message):
    with pytest.raises(InputError, match=message):
        Hard().apply(space(GENDERED), dataclasses.replace(PAIRS, **changes))


def test_sets_that_are_unknown_are_left_out():
    some = dataclasses.replace(PAIRS, equalize=[["nun", "monk"], ["she", "he"], ["her", "monks"]])
    known = dataclasses.replace(PAIRS, equalize=[["she", "he"]], specific=[*PAIRS.specific, "her"])
    first, second = (Hard().apply(space(GENDERED), t) for t in (some, known))
    np.testing.assert_array_equal(first.matrix, second.matrix)
    assert first.metadata["transforms"][-1]["equalized"] == [1, 3]
    none = dataclasses.replace(PAIRS, equalize=[["nun", "monk"]])
    assert Hard().apply(space(GENDERED), none).metadata["transforms"][-1]["equalized"] == [0, 1]


def test_words_that_the_subspace_does_not_tell_apart():
    """Both have the same x, the direction."""
    vectors = space(GENDERED | {"nurse": (0.6, 0.8, 0.0), "cook": (0.6, 0.0, 0.8)})
    changed = dataclasses.replace(PAIRS, equalize=[["nurse", "cook"]], neutral=())
    with pytest.raises(InputError, match="the set 'nurse', 'cook' would coincide"):
        Hard().apply(vectors, changed)


def test_hard_is_for_two_classes():
    vectors, three = three_classes()
    with pytest.raises(
        InputError, match="'hard' is for topics of two classes, and three has 3; use multiclass"
    ):
        Hard().apply(vectors, three)


def test_sets_equal_but_for_case_are_one():
    cased = dataclasses.replace(PAIRS, equalize=[["she", "he"], ["She", "He"]])
    expected = dataclasses.replace(PAIRS, equalize=[["she", "he"]])
    first, second = (Hard().apply(space(GENDERED), t).matrix for t in (cased, expected))
    np.testing.assert_array_equal(first, second)


def test_a_topic_without_equalize_sets_neutralizes_alone():
    bare = Topic(name="bare", classes=PAIRS.classes, definitional=PAIRS.definitional)
    found = Hard().apply(space(GENDERED), bare)
    assert found["actress"] == pytest.approx((0, 1, 0), abs=EXACT)
    assert found["he"] == pytest.approx(space(GENDERED).normalize()["he"], abs=EXACT)

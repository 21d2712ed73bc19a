import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError
from embedkit.bias.subspace import from_sets, subspace
from embedkit.bias.topics.topic import Topic, topic
from tests.bias.spaces import GENDERED, PAIRS, random_space, space, three_classes

HALF = np.sqrt(0.5)


def test_pca_of_pairs_by_hand():
    """At length 1 the centered pairs are (+-HALF, 0, 0): one direction that explains everything."""
    found = subspace(space(GENDERED), PAIRS)
    assert np.allclose(found.basis, [[1, 0, 0]], atol=1e-7)
    assert found.explained == pytest.approx((1.0,))
    assert found.words == (("she", "he"), ("her", "his"))
    assert np.allclose(found.coordinates([[3, 4, 5]]), [[3]])


def test_shares_of_two_orthogonal_pairs():
    """Half differences of lengths 0.6 and 1 along x and y: shares 0.36 / 1.36 and 1 / 1.36."""
    vectors = space({"a": (0.6, 0, 0.8), "b": (-0.6, 0, 0.8), "c": (0, 1, 0), "d": (0, -1, 0)})
    found = from_sets(vectors, [("a", "b"), ("d", "c")], 2)
    assert np.allclose(found.basis, [[0, -1, 0], [1, 0, 0]], atol=1e-7)
    assert found.explained == pytest.approx((1 / 1.36, 0.36 / 1.36))


def test_the_sum_of_shares_is_one_over_all_components():
    vectors, three = three_classes()
    assert sum(subspace(vectors, three, components=4).explained) == pytest.approx(1)


def test_means_of_pairs_is_the_mean_difference():
    vectors = random_space(3)
    unit = {word: vectors.unit_matrix[vectors.vocabulary[word]].astype(float) for word in GENDERED}
    difference = unit["she"] - unit["he"] + unit["her"] - unit["his"]
    found = subspace(vectors, PAIRS, "means")
    assert np.allclose(found.direction, difference / np.linalg.norm(difference), atol=1e-6)


def test_a_single_pair():
    found = subspace(space(GENDERED | {"he": (0.0, 1.0, 0.0)}), PAIRS, "pair")
    expected = np.array([HALF, HALF - 1, 0])
    assert np.allclose(found.direction, expected / np.linalg.norm(expected), atol=1e-6)
    assert found.words == (("she", "he"),)


def test_the_classifier_finds_what_separates():
    """Classes that differ in x alone, and are symmetric in y and z, have the normal (1, 0, 0)."""
    found = subspace(space(GENDERED), PAIRS, "classifier")
    assert np.allclose(found.basis, [[1, 0, 0]], atol=1e-3)
    assert found.explained is None


def test_three_classes_span_the_plane_they_differ_in():
    corners = {"a": (1.0, 0.0, 5.0), "b": (-0.5, 0.75**0.5, 5.0), "c": (-0.5, -(0.75**0.5), 5.0)}
    plane = Topic(name="p", classes={"a": ["a"], "b": ["b"], "c": ["c"]}, definitional=[["a", "b", "c"]])
    for method in ("pca", "means"):
        found = subspace(space(corners), plane, method, components=None)
        assert np.allclose(found.basis[:, 2], 0, atol=1e-6)
        assert found.explained == pytest.approx((0.5, 0.5), abs=1e-6)


@given(st.integers(0, 1000), st.sampled_from(["pca", "means", "pair", "classifier"]))
def test_the_basis_is_orthonormal_and_points_to_the_first_class(seed, method):
    vectors = random_space(seed)
    found = subspace(vectors, PAIRS, method)
    assert found.basis @ found.basis.T == pytest.approx(np.eye(1))
    oppositions = found.coordinates(vectors.unit_matrix[: len(GENDERED)])[:, 0]
    assert oppositions[0] - oppositions[1] + (method != "pair") * (oppositions[2] - oppositions[3]) > 0


@given(st.integers(0, 1000))
def test_swapped_classes_turn_the_direction_round(seed):
    vectors = random_space(seed)
    there = from_sets(vectors, [("she", "he"), ("her", "his")])
    back = from_sets(vectors, [("he", "she"), ("his", "her")])
    assert np.allclose(there.basis, -back.basis)


def test_scale_does_not_matter():
    vectors, three = three_classes()
    longer = space({word: 7 * vectors[word] for word in vectors})
    first, second = (subspace(v, three, components=2).basis for v in (vectors, longer))
    assert np.allclose(first, second, atol=1e-6)


def test_casing_follows_the_vectors():
    found = from_sets(space(GENDERED), [("She", "HE")])
    assert found.words == (("she", "he"),)


def test_gender_on_the_shipped_vectors(english):
    found = subspace(english, topic("gender"), components=10)
    assert found.explained[0] > 0.4
    assert sum(found.explained) == pytest.approx(1)
    assert found.coordinates([english["she"]])[0, 0] > 0 > found.coordinates([english["he"]])[0, 0]


@pytest.mark.parametrize("method", ["means", "pair", "classifier"])
def test_other_makers_agree_roughly_on_the_shipped_vectors(english, method):
    pca = subspace(english, topic("gender")).direction
    assert subspace(english, topic("gender"), method).direction @ pca > 0.6


@pytest.mark.parametrize(
    ("rows", "components", "message"),
    [
        ({"he": (2.0, 2.0, 0.0)}, 1, "'she' and 'he' have the same vector"),
        ({"he": (0.0, 0.0, 0.0)}, 1, "'he' has a zero vector"),
        ({}, 2, "at most 1 components of the definitional sets, got 2"),
        ({}, 0, "components to be a whole number of at least 1, got 0"),
    ],
)
def test_spaces_without_such_a_subspace(rows, components, message):
    with pytest.raises(InputError, match=message):
        subspace(space(GENDERED | rows), PAIRS, components=components)


def test_missing_words_are_named():
    rows = {word: row for word, row in GENDERED.items() if word not in {"he", "his"}}
    with pytest.raises(InputError, match=r"definitional sets of pairs, got 0 of 2; missing: 'he', 'his'"):
        subspace(space(rows), PAIRS)


def test_half_of_the_sets_is_enough():
    rows = {word: row for word, row in GENDERED.items() if word != "his"}
    assert subspace(space(rows), PAIRS).words == (("she", "he"),)


def test_an_unknown_maker():
    with pytest.raises(InputError, match="'pca', 'means', 'pair', 'classifier', got 'best'"):
        subspace(space(GENDERED), PAIRS, "best")

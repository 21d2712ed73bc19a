"""Direct and indirect bias, RND, MAC, ECT, RIPA and RNSB in spaces small enough to be worked out by hand."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Embeddings, Vocabulary
from embedkit.bias.metrics.bases import orthonormal, unit_direction
from embedkit.bias.metrics.coherence import embedding_coherence
from embedkit.bias.metrics.direct import direct_bias, indirect_bias
from embedkit.bias.metrics.inner_product import relational_inner_product
from embedkit.bias.metrics.mean_cosine import mean_average_cosine
from embedkit.bias.metrics.negative_sentiment import divergence_from_uniform, negative_sentiment_bias
from embedkit.bias.metrics.norm_distance import relative_norm_distance
from embedkit.errors import InputError
from embedkit.statistics.correlation import spearman


def space(vectors):
    return Embeddings(np.array(list(vectors.values()), float), Vocabulary(list(vectors)))


def angle(degrees):
    return np.cos(np.radians(degrees)), np.sin(np.radians(degrees))


@pytest.fixture
def solid():
    """Axis 0 is the bias; lengths differ, so that forgetting to divide by them shows."""
    return space(
        {
            "he": (2, 0, 0),
            "she": (-1, 0, 0),
            "boss": (3, 4, 0),
            "maid": (-4, 0, 3),
            "tree": (0, 0, 2),
        }
    )


@pytest.fixture
def noise():
    vectors = np.random.default_rng(1).normal(size=(60, 8))
    return space({f"word{i}": row for i, row in enumerate(vectors)})


def test_direct_bias_by_hand(solid):
    found = direct_bias(solid, ["boss", "maid", "tree"], (5, 0, 0))
    assert found.value == pytest.approx((0.6 + 0.8 + 0) / 3)
    assert found.details["words"] == pytest.approx({"boss": 0.6, "maid": -0.8, "tree": 0})
    assert found.low < found.value < found.high


@pytest.mark.parametrize(("strictness", "value"), [(0, 2 / 3), (0.5, (0.6**0.5 + 0.8**0.5) / 3), (2, 1 / 3)])
def test_direct_bias_raises_cosines_to_its_strictness(solid, strictness, value):
    found = direct_bias(solid, ["boss", "maid", "tree"], (1, 0, 0), strictness=strictness)
    assert found.value == pytest.approx(value)


def test_direct_bias_of_a_subspace_is_the_part_that_lies_in_it(solid):
    plane = [(1, 0, 0), (1, 1, 0)]  # neither orthogonal nor of one length
    found = direct_bias(solid, ["boss", "maid", "tree"], plane)
    assert found.details["words"] == pytest.approx({"boss": 1, "maid": 0.8, "tree": 0}, abs=1e-7)


def test_direct_bias_is_0_off_the_direction(solid):
    assert direct_bias(solid, ["boss", "tree"], (4, -3, 0)).value == pytest.approx(0, abs=1e-6)


def test_indirect_bias_by_hand(solid):
    found = indirect_bias(solid, [("he", "boss")], (1, 0, 0))
    assert found.value == pytest.approx(1)  # "he" is nothing but bias
    found = indirect_bias(solid, [("boss", "boss")], (1, 0, 0))
    assert found.value == pytest.approx(0, abs=1e-6)
    assert (found.low, found.high) == (None, None)
    vectors = space({"w": (1, 1, 0), "v": (1, 0, 1)})  # cosine 1/2, nothing in common off the axis
    assert indirect_bias(vectors, [("w", "v")], (1, 0, 0)).value == pytest.approx(1)
    vectors = space({"w": (1, 1, 0), "v": (-1, 2, 0)})  # alike off the axis, apart along it
    found = indirect_bias(vectors, [("w", "v")], (1, 0, 0))
    cosine = 1 / np.sqrt(10)
    assert found.value == pytest.approx((cosine - 1) / cosine)


def test_indirect_bias_leaves_out_pairs_without_likeness(solid):
    found = indirect_bias(solid, [("he", "tree"), ("he", "boss"), ("maid", "Tree")], (1, 0, 0))
    assert [pair["beta"] is None for pair in found.details["pairs"]] == [True, False, False]
    assert found.value == pytest.approx((1 + (0.6 - 1) / 0.6) / 2)
    with pytest.raises(InputError, match="all have 0"):
        indirect_bias(solid, [("he", "tree")], (1, 0, 0))


def test_indirect_bias_names_missing_words(solid):
    with pytest.raises(InputError, match="1 of 3; missing: 'king', 'queen', 'bride'"):
        indirect_bias(solid, [("king", "queen"), ("he", "boss"), ("bride", "boss")], (1, 0, 0))
    with pytest.raises(InputError, match="pairs of words"):
        indirect_bias(solid, ["he"], (1, 0, 0))


def test_relative_norm_distance_by_hand():
    vectors = space({"he": (1, 0), "she": (0, 2), "boss": (3, 0), "nurse": angle(80)})
    found = relative_norm_distance(vectors, ["boss"], ["he"], ["she"])
    assert found.value == pytest.approx(-np.sqrt(2))
    nurse = 2 * np.sin(np.radians(40)) - 2 * np.sin(np.radians(5))  # chords of 80 and 10 degrees
    found = relative_norm_distance(vectors, ["boss", "nurse"], ["he"], ["she"])
    assert found.value == pytest.approx((nurse - np.sqrt(2)) / 2, rel=1e-5)
    assert found.p_value == 1  # two words can be parted in two ways, which mirror each other


def test_relative_norm_distance_has_the_p_value_of_all_partings(noise):
    words = [f"word{i}" for i in range(10)]
    first, second = ["word20", "word21", "word22"], ["word30", "word31"]
    found = relative_norm_distance(noise, words, first, second, alternative="greater")
    unit = noise.unit_matrix.astype(float)
    group, targets = unit[[20, 21, 22, 30, 31]], unit[:10]

    def statistic(chosen):
        one, two = group[list(chosen)].mean(axis=0), np.delete(group, chosen, axis=0).mean(axis=0)
        return np.mean(np.linalg.norm(targets - one, axis=1) - np.linalg.norm(targets - two, axis=1))

    everything = np.array([statistic(chosen) for chosen in combinations(range(5), 3)])
    assert found.value == pytest.approx(everything[0], rel=1e-5)
    assert found.p_value == pytest.approx(np.mean(everything >= everything[0] - 1e-9))
    assert found.details["exact"]


def test_mean_average_cosine_by_hand():
    vectors = space({"t": (2, 0), "u": (0, 1), "a": (1, 0), "b": (0, 5), "c": (-1, 0)})
    found = mean_average_cosine(vectors, ["t"], {"one": ["a", "b"], "two": ["c"]})
    assert found.value == pytest.approx(((0 + 1) / 2 + 2) / 2)
    assert found.details["sets"] == pytest.approx({"one": 0.5, "two": 2})
    found = mean_average_cosine(vectors, ["t", "u", "v"], {"one": ["a"]})
    assert found.value == pytest.approx(0.5)
    assert found.coverage == {"targets": (2, 3), "one": (1, 1)}
    with pytest.raises(InputError, match="at least one set"):
        mean_average_cosine(vectors, ["t"], {})


def test_coherence_is_1_for_groups_on_one_line_and_minus_1_for_mirrored_ones():
    jobs = {f"job{i}": angle(10 * i + 5) for i in range(8)}
    same = space(jobs | {"he": (1, 0), "she": (3, 0)})
    assert embedding_coherence(same, ["he"], ["she"], jobs).value == pytest.approx(1)
    mirrored = space(jobs | {"he": (1, 0), "she": (0, 1)})
    found = embedding_coherence(mirrored, ["he"], ["she"], jobs)
    assert found.value == pytest.approx(-1)
    assert found.details["first"]["job0"] == pytest.approx(np.cos(np.radians(5)))


def test_coherence_has_the_p_value_of_all_partings(noise):
    first, second = ["word40", "word41", "word42"], ["word50", "word51", "word52"]
    attributes = [f"word{i}" for i in range(12)]
    found = embedding_coherence(noise, first, second, attributes)
    unit = noise.unit_matrix.astype(float)
    table = unit[:12] @ unit[[40, 41, 42, 50, 51, 52]].T
    everything = np.array(
        [
            spearman(table[:, list(chosen)].sum(axis=1), np.delete(table, chosen, axis=1).sum(axis=1))
            for chosen in combinations(range(6), 3)
        ]
    )
    assert found.value == pytest.approx(everything[0])
    assert found.p_value == pytest.approx(np.mean(everything <= everything[0] + 1e-9))
    assert found.low < found.value < found.high


def test_coherence_of_groups_that_differ_is_out_of_the_ordinary():
    generator = np.random.default_rng(3)
    axis = np.r_[4.0, np.zeros(19)]
    vectors = {f"he{i}": generator.normal(size=20) + axis for i in range(6)}
    vectors |= {f"she{i}": generator.normal(size=20) - axis for i in range(6)}
    vectors |= {f"job{i}": generator.normal(size=20) for i in range(30)}
    words = [[f"{name}{i}" for i in range(size)] for name, size in {"he": 6, "she": 6, "job": 30}.items()]
    found = embedding_coherence(space(vectors), *words)
    assert found.value < 0
    assert found.p_value < 0.01


def test_relational_inner_products_by_hand(solid):
    found = relational_inner_product(solid, ["boss", "maid", "tree"], solid["he"] - solid["she"])
    assert found.details["words"] == pytest.approx({"boss": 3, "maid": -4, "tree": 0})
    assert found.value == pytest.approx(7 / 3)
    assert found.details["mean"] == pytest.approx(-1 / 3)


def test_the_divergence_from_equal_shares():
    assert divergence_from_uniform(np.full(5, 0.2)) == pytest.approx(0)
    assert divergence_from_uniform(np.array([1.0, 0, 0, 0])) == pytest.approx(np.log(4))
    assert divergence_from_uniform(np.array([0.75, 0.25])) == pytest.approx(
        0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    )


@pytest.fixture
def sentiment():
    """Axis 0 is sentiment; identity terms 0 and 1 lie on either side of it, terms 2 to 5 do not."""
    generator = np.random.default_rng(4)
    axis = np.r_[3.0, np.zeros(9)]
    vectors = {f"good{i}": generator.normal(size=10) + axis for i in range(20)}
    vectors |= {f"bad{i}": generator.normal(size=10) - axis for i in range(20)}
    sides = [-2.0, 2.0, 0, 0, 0, 0]
    vectors |= {f"term{i}": generator.normal(0, 0.2, 10) + side * axis for i, side in enumerate(sides)}
    return space(vectors)


def test_negative_sentiment_is_found_where_it_was_put(sentiment):
    good, bad = [f"good{i}" for i in range(20)], [f"bad{i}" for i in range(20)]
    biased = negative_sentiment_bias(sentiment, ["term0", "term1", "term2"], good, bad, permutations=99)
    assert biased.value > 0.2
    assert biased.p_value == pytest.approx(1 / 100)
    assert max(biased.details["shares"], key=biased.details["shares"].get) == "term0"
    assert sum(biased.details["shares"].values()) == pytest.approx(1)
    assert biased.details["accuracy"] > 0.9
    low, high = biased.details["accuracy interval"]
    assert low < biased.details["accuracy"] <= high
    same = negative_sentiment_bias(sentiment, ["term1", "TERM1", "term3"], good, bad, permutations=9)
    assert same.coverage["terms"] == (2, 2)


def test_terms_that_are_alike_share_negative_sentiment():
    generator = np.random.default_rng(5)
    vectors = {f"good{i}": generator.normal(size=6) for i in range(10)}
    vectors |= {f"bad{i}": generator.normal(size=6) for i in range(10)}
    vectors |= {"one": np.ones(6), "two": 2 * np.ones(6)}
    words = [f"good{i}" for i in range(10)], [f"bad{i}" for i in range(10)]
    assert negative_sentiment_bias(space(vectors), ["one", "two"], *words, permutations=3).value < 1e-9
    with pytest.raises(InputError, match="'good0' in both"):
        negative_sentiment_bias(space(vectors), ["one", "two"], words[0], [*words[1], "good0"])


def test_a_p_value_needs_permutations(sentiment):
    with pytest.raises(InputError, match="permutations"):
        negative_sentiment_bias(sentiment, ["term0", "term1"], ["good0"], ["bad0"], permutations=0)


@pytest.mark.parametrize(
    ("direction", "message"),
    [
        ((0, 0, 0), "not zero"),
        ((1, 2), "3 numbers"),
        ((1, np.nan, 0), "finite"),
        ([(1, 0, 0), (2, 0, 0)], "only 1 do not"),
    ],
)
def test_what_is_no_direction_is_refused(solid, direction, message):
    with pytest.raises(InputError, match=message):
        direct_bias(solid, ["boss", "tree"], direction)


def test_several_directions_are_not_one(solid):
    with pytest.raises(InputError, match="subspace of 2"):
        relational_inner_product(solid, ["boss"], np.eye(3)[:2])


@given(seed=st.integers(0, 10**6), k=st.integers(1, 5))
def test_a_basis_is_orthonormal_and_spans_the_same(seed, k):
    rows = np.random.default_rng(seed).normal(size=(k, 5)) * 10
    basis = orthonormal(rows, 5)
    assert basis @ basis.T == pytest.approx(np.eye(k), abs=1e-9)
    assert rows @ basis.T @ basis == pytest.approx(rows)
    assert unit_direction(rows[0], 5) == pytest.approx(rows[0] / np.linalg.norm(rows[0]))


def test_every_measurement_can_be_written_as_json(solid, noise):
    words = [f"word{i}" for i in range(10)]
    groups = ["word20", "word21", "word22"], ["word30", "word31", "word32"]
    axis = noise["word50"]
    measurements = [
        direct_bias(noise, words, axis),
        indirect_bias(noise, [("word1", "word2"), ("word3", "word4")], axis),
        relative_norm_distance(noise, words, *groups),
        mean_average_cosine(noise, words, {"one": groups[0]}),
        embedding_coherence(noise, *groups, words),
        relational_inner_product(noise, words, axis),
        negative_sentiment_bias(noise, words, words[:5], [f"word{i}" for i in range(40, 45)], permutations=2),
    ]
    for measurement in measurements:
        read = json.loads(json.dumps(measurement.as_dict(), allow_nan=False))
        assert read["value"] == measurement.value
        assert "worse" in measurement.meaning
        assert measurement.low is not None or measurement.p_value is not None

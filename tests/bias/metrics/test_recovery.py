"""What debiasing hides: clusters, neighbors, a classifier, where bias was planted and where not."""

from itertools import combinations
from math import comb

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.bias.metrics.biased_neighbors import neighbor_bias
from embedkit.bias.metrics.clusters import chance_of_agreement, cluster_accuracy
from embedkit.bias.metrics.most_biased import most_biased
from embedkit.bias.metrics.recovery import chance_of_guessing, recovery_accuracy
from embedkit.errors import InputError

SIZE = 20
AXIS = np.eye(SIZE)[0]


def letters(number):
    """A word of letters for each number: 0 -> "aaa"."""
    return "".join(chr(97 + number // 26**place % 26) for place in range(3))


def hidden(bias, traces):
    """400 words whose bias is on axis 0, and which have traces of it on axis 1."""
    generator = np.random.default_rng(1)
    vectors = generator.normal(size=(400, SIZE))
    sides = np.where(np.arange(400) % 2, 1.0, -1.0)
    vectors[:, 0] = bias * sides * generator.uniform(0.5, 1.5, 400)
    vectors[:, 1] += traces * sides
    return Embeddings(vectors, Vocabulary([letters(i) for i in range(400)]))


def projected(vectors):
    """The same space without axis 0."""
    matrix = np.array(vectors.matrix)
    matrix[:, 0] = 0
    return Embeddings(matrix, vectors.vocabulary)


@pytest.fixture
def traces():
    return hidden(bias=3, traces=2.2)


@pytest.fixture
def clean():
    return hidden(bias=3, traces=0)


def test_the_most_biased_words_are_those_of_the_largest_cosines(clean):
    found = most_biased(clean, AXIS, 30)
    cosines = clean.unit_matrix[:, 0]
    assert found.ids[:30].tolist() == np.argsort(-cosines, kind="stable")[:30].tolist()
    assert sorted(found.ids[30:]) == sorted(np.argsort(cosines)[:30])
    assert found.positive.tolist() == [True] * 30 + [False] * 30
    assert found.coverage == (60, 60)


def test_only_common_words_of_letters_that_are_not_excluded_count(clean):
    words = [*clean.vocabulary.words]
    words[1], words[3], words[5] = "Upper", "3d", "new_york"
    vectors = Embeddings(clean.matrix, Vocabulary(words))
    found = most_biased(vectors, AXIS, 500, excluded=[words[7], "unknown"], max_vocabulary=100)
    assert set(found.ids.tolist()).isdisjoint({1, 3, 5, 7})
    assert found.ids.max() < 100
    assert found.coverage == (2 * 46, 1000)  # 50 words of the smaller side, less 4


def test_too_few_biased_words_are_refused(clean):
    with pytest.raises(InputError, match=r"at least 10 biased words .* first 12, got 6"):
        most_biased(clean, AXIS, 500, max_vocabulary=12)


def test_clusters_find_what_projecting_left_behind(traces):
    found = cluster_accuracy(traces, projected(traces), AXIS, per_side=100)
    assert found.value > 0.9
    assert found.p_value < 1e-9
    assert 0.8 < found.low < found.value < found.high
    assert found.coverage == {"most biased words": (200, 200)}


def test_clusters_find_nothing_where_nothing_is_left(clean):
    assert cluster_accuracy(clean, clean, AXIS, per_side=100).value > 0.95
    found = cluster_accuracy(clean, projected(clean), AXIS, per_side=100)
    assert found.value < 0.65
    assert found.p_value > 0.01


@pytest.mark.parametrize("right", [4, 5, 6, 8])
@pytest.mark.parametrize("cluster", [1, 3, 4, 7])
def test_the_chance_of_agreement_is_that_of_every_cluster(right, cluster):
    agreements = []
    for chosen in combinations(range(8), cluster):
        inside = sum(word < 4 for word in chosen)
        same = inside + 4 - (cluster - inside)
        agreements.append(max(same, 8 - same) >= right)
    assert chance_of_agreement(right, 8, cluster) == pytest.approx(np.mean(agreements))


def test_a_classifier_recovers_what_projecting_left_behind(traces):
    state = np.random.get_state()  # noqa: NPY002 - the caller's
    found = recovery_accuracy(traces, projected(traces), AXIS, per_side=150)
    np.testing.assert_equal(np.random.get_state(), state)  # noqa: NPY002
    assert found.value > 0.9
    assert found.p_value < 1e-9
    assert (found.details["trained"], found.details["tested"]) == (60, 240)
    assert found.low < found.value < found.high


def test_random_directions_are_recovered_where_dimensions_depend_on_each_other(clean):
    """Of independent dimensions nothing is recovered; of ones that all say the same twice, everything is."""
    twice = Embeddings(np.hstack([clean.matrix, clean.matrix]), clean.vocabulary)
    for vectors, low, high in ((clean, 0.35, 0.75), (twice, 0.8, 1)):
        axis = np.eye(vectors.vector_size)[0]
        changed = Embeddings(np.array(vectors.matrix), vectors.vocabulary)
        found = recovery_accuracy(vectors, changed, axis, per_side=150, random_directions=4)
        others = found.details["random directions"]
        assert len(set(others)) > 1
        assert len(others) == 4
        assert low < np.mean(others) < high
        again = recovery_accuracy(vectors, changed, axis, per_side=150, random_directions=4)
        assert again.details == found.details
    assert recovery_accuracy(clean, clean, AXIS, per_side=150).details["random directions"] == []


def test_a_classifier_guesses_where_nothing_is_left(clean):
    values = [recovery_accuracy(clean, projected(clean), AXIS, per_side=150, seed=seed) for seed in range(5)]
    assert 0.42 < np.mean([found.value for found in values]) < 0.58
    assert max(found.p_value for found in values) > 0.05


def test_the_same_seed_learns_the_same_words(traces):
    spaces = traces, projected(traces), AXIS
    weak = {"per_side": 150, "train_size": 0.05}
    accuracies = [recovery_accuracy(*spaces, **weak, seed=seed).value for seed in (1, 1, 2, 3, 4)]
    assert accuracies[0] == accuracies[1]
    assert len(set(accuracies)) > 1


def test_the_chance_of_guessing():
    assert chance_of_guessing(0, 10) == 1
    assert chance_of_guessing(10, 10) == pytest.approx(2**-10)
    assert chance_of_guessing(8, 10) == pytest.approx((comb(10, 8) + comb(10, 9) + 1) / 2**10)


@pytest.mark.parametrize("train_size", [0, 1, 0.001, 0.999])
def test_there_must_be_words_to_learn_and_to_test(traces, train_size):
    with pytest.raises(InputError, match="to learn and to test"):
        recovery_accuracy(traces, traces, AXIS, per_side=150, train_size=train_size)


def test_neighbors_of_a_biased_word_are_of_its_side(traces, clean):
    words = [letters(i) for i in range(40)]
    left = neighbor_bias(traces, projected(traces), AXIS, words, k=10)
    assert left.value > 0.9
    assert left.low > 0.8
    gone = neighbor_bias(clean, projected(clean), AXIS, words, k=10)
    assert abs(gone.value) < 0.5
    assert gone.low < 0 < gone.high


def test_shares_of_neighbors_by_hand():
    vectors = {"a": (1, 9), "b": (-2, 9), "c": (3, 9), "d": (9, 1), "e": (9, -1), "f": (9, -3)}
    space = Embeddings(np.array(list(vectors.values()), float), Vocabulary(list(vectors)))
    found = neighbor_bias(space, space, (0, 1), ["a", "d", "f"], k=2)
    # neighbors: b and c of "a" are above the axis, of "d" (e, f) none, of "f" (e, d) one
    assert found.details["shares"] == {"a": 1.0, "d": 0.0, "f": 0.5}
    without = neighbor_bias(space, space, (0, 1), ["a", "d", "f"], k=2, excluded=["e"])
    assert without.details["shares"] == {"a": 1.0, "d": 0.5, "f": 1.0}
    without = neighbor_bias(space, space, (0, 1), ["a", "d", "f"], k=2, excluded=["b"])
    assert without.details["shares"] == {"a": 1.0, "d": 0.0, "f": 0.5}


def test_both_spaces_must_have_the_same_words(traces):
    other = Embeddings(traces.matrix[::-1], Vocabulary(traces.vocabulary.words[::-1]))
    words = [letters(i) for i in range(10)]
    for call in (
        lambda: cluster_accuracy(traces, other, AXIS),
        lambda: recovery_accuracy(traces, other, AXIS),
        lambda: neighbor_bias(traces, other, AXIS, words),
    ):
        with pytest.raises(InputError, match="same order"):
            call()


def test_there_must_be_more_candidates_than_neighbors(traces):
    with pytest.raises(InputError, match="more than 100 candidates"):
        neighbor_bias(traces, traces, AXIS, [letters(i) for i in range(10)], max_vocabulary=50)

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Embeddings, FormatError, InputError, Vocabulary
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.benchmarks.outlier_items import OutlierBenchmark, OutlierTopic
from embedkit.evaluation.outliers import evaluate_outliers, outlier_positions
from embedkit.statistics.intervals import wilson
from embedkit.statistics.shares import graded
from embedkit.vectors.norms import unit_vectors

SPACE = {
    "cat": (9, 1, 0),
    "dog": (9, 2, 0),
    "cow": (8, 1, 1),
    "fig": (1, 9, 0),
    "wolf": (9, 1.2, 0),
    "big": (8, 1, 2),
    "Real": (0, 4, 0),
    "Madrid": (0, 0, 2),
}


@pytest.fixture
def space():
    return Embeddings(np.array(list(SPACE.values())), Vocabulary(list(SPACE)))


def benchmark(*outliers, cluster=("cat", "dog", "cow")):
    return OutlierBenchmark("mine", (OutlierTopic("animals", cluster, outliers),))


def position_by_the_paper(cluster, outlier):
    """OP / n through c(w), the mean cosine of all pairs of the set without w: equation 1."""
    words = np.vstack([cluster, outlier]).astype(np.float64)
    cosines = words @ words.T
    compactness = []
    for place in range(len(words)):
        rest = np.delete(np.arange(len(words)), place)
        pairs = [cosines[i, j] for i in rest for j in rest if i != j]
        compactness.append(np.mean(pairs))
    return np.mean(np.array(compactness[:-1]) < compactness[-1])


@given(st.integers(2, 8), st.integers(0, 1000))
def test_positions_are_those_of_the_compactness_scores(size, seed):
    vectors = unit_vectors(np.random.default_rng(seed).normal(size=(size + 3, 4)))
    cluster, outliers = vectors[:size], vectors[size:]
    expected = [position_by_the_paper(cluster, outlier) for outlier in outliers]
    np.testing.assert_allclose(outlier_positions(cluster, outliers), expected)


def test_scores_by_hand(space):
    found = evaluate_outliers(space, benchmark("fig", "wolf"))
    assert found.positions[0] == 1
    assert found.positions[1] < 1  # the wolf is nearer to the cat and the dog than the cow
    assert found.outcomes.tolist() == [1, 0]
    accuracy, opp, *_ = found.rows()
    assert accuracy == ("mine", "total", "accuracy", 0.5, *wilson(1, 2), 2, 2)
    assert opp[:6] == ("mine", "total", "OPP", found.positions.mean(), *graded(found.positions))
    assert [row.part for row in found.rows()] == ["total", "total", "animals", "animals"]


def test_a_tie_counts_against_the_outlier(space):
    assert evaluate_outliers(space, benchmark("cat", cluster=("cat", "cat"))).positions.tolist() == [0]
    nowhere = Embeddings(np.zeros((4, 2)), Vocabulary(["cat", "dog", "cow", "fig"]))
    assert evaluate_outliers(nowhere, benchmark("fig")).positions.tolist() == [0]


def test_unknown_words_leave(space):
    found = evaluate_outliers(space, benchmark("fig", "gnu", cluster=("cat", "dog", "emu")))
    np.testing.assert_array_equal(found.positions, [1, np.nan])
    assert (found.total.covered, found.total.total, found.total.accuracy.value) == (1, 2, 1)
    two = benchmark("fig", cluster=("cat", "emu", "gnu"))
    nothing = evaluate_outliers(space, two)
    assert nothing.rows()[0] == ("mine", "total", "accuracy", None, None, None, 0, 1)
    assert "no topic has two known words" in nothing.warnings[0]


def test_unknown_words_as_zero_vectors(space):
    found = evaluate_outliers(space, benchmark("fig", "gnu", cluster=("cat", "dog", "emu")), "zero")
    assert found.positions.tolist() == [2 / 3, 2 / 3]  # the emu fits as ill as can be
    assert (found.total.covered, found.total.accuracy.value) == (1, 0)
    with pytest.raises(InputError, match="'leave-out' or 'zero', got 'mean'"):
        evaluate_outliers(space, benchmark("fig"), "mean")


def test_entries_of_several_words_are_the_mean_of_the_known_ones(space):
    composed = Embeddings(np.vstack([space.matrix, [(0, 2, 1)]]), Vocabulary([*SPACE, "Real_Madrid"]))
    cluster = ("cat", "Real", "Madrid", "Real_Madrid")
    whole = evaluate_outliers(composed, benchmark("big", "fig", cluster=cluster))
    parts = evaluate_outliers(space, benchmark("big", "fig", cluster=cluster))
    np.testing.assert_array_equal(whole.positions, parts.positions)
    assert evaluate_outliers(space, benchmark("big_gnu")).total.covered == 1


def test_nothing_known(space):
    found = evaluate_outliers(space, benchmark("x", cluster=("y", "z")))
    assert found.rows()[1] == ("mine", "total", "OPP", None, None, None, 0, 1)
    assert found.warnings == ("nothing is covered: each item has a word that the vectors do not have",)


def test_case(space):
    loud = benchmark("FIG", cluster=("CAT", "DOG"))
    assert "3 more of 3" in evaluate_outliers(space, loud).warnings[1]
    assert evaluate_outliers(space, loud, lowercase=True).total.accuracy.value == 1


def test_reading_a_topic(tmp_path):
    path = tmp_path / "clubs.txt"
    path.write_text("\nReal Madrid\nFC Barcelona\nAjax\n\nMadrid\nBoris Becker\n\n\n")
    topic = OutlierTopic("clubs", ("Real_Madrid", "FC_Barcelona", "Ajax"), ("Madrid", "Boris_Becker"))
    assert read_benchmark(path) == OutlierBenchmark("clubs", (topic,))


def test_reading_topics_under_headers(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("# by hand\n: pets\n\ncat\ndog\n\nfig\n\n: fruits\nfig\nplum\npear\n\ncat\ndog\n")
    read = read_benchmark(path)
    assert read.topics == (
        OutlierTopic("pets", ("cat", "dog"), ("fig",)),
        OutlierTopic("fruits", ("fig", "plum", "pear"), ("cat", "dog")),
    )
    assert (len(read), read.entries) == (3, ("cat", "dog", "fig", "plum", "pear"))


def test_a_topic_that_is_not_two_blocks(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text(": pets\ncat\ndog\n\nfig\n: fruits\nfig\nplum\n")
    with pytest.raises(FormatError, match=r"line 7: expected for fruits at least 2 words .*, got 2 words"):
        read_benchmark(path)


def test_topics_of_one_name():
    topic = OutlierTopic("pets", ("cat", "dog"), ("fig",))
    with pytest.raises(InputError, match="two of 'pets'"):
        OutlierBenchmark("mine", (topic, topic))


def test_no_topics():
    with pytest.raises(InputError, match="got none"):
        OutlierBenchmark("mine", ())

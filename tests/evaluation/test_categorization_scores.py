import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, Vocabulary
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark, CategorizedWord
from embedkit.evaluation.benchmarks.detection import read_benchmark
from embedkit.evaluation.categorization import evaluate_categorization, right_words
from embedkit.statistics.intervals import wilson

ANIMALS, FRUITS = ["cat", "dog", "cow"], ["fig", "plum", "pear"]
SPACE = {"cat": (9, 1), "dog": (9, 2), "cow": (1, 9), "fig": (1, 8), "plum": (2, 9), "pear": (1, 7)}


@pytest.fixture
def space():
    """Animals to the right and fruits up, but the cow is among the fruits."""
    return Embeddings(np.array(list(SPACE.values())), Vocabulary(list(SPACE)))


@pytest.fixture
def categories():
    members = [CategorizedWord(word, "animal") for word in ANIMALS] + [
        CategorizedWord(word, "fruit") for word in FRUITS
    ]
    return CategorizationBenchmark("mine", tuple(members))


def test_purity_by_hand(space, categories):
    found = evaluate_categorization(space, categories)
    assert found.outcomes.tolist() == [1, 1, 0, 1, 1, 1]
    assert len(set(found.clusters[:2])) == len(set(found.clusters[2:])) == 1
    assert found.rows() == [
        ("mine", "total", "purity", 5 / 6, *wilson(5, 6), 6, 6),
        ("mine", "animal", "correct words", 2 / 3, *wilson(2, 3), 3, 3),
        ("mine", "fruit", "correct words", 1.0, *wilson(3, 3), 3, 3),
    ]
    assert found.warnings == ()
    assert found.purity.value == 5 / 6


def test_the_commonest_category_of_a_cluster_is_right():
    clusters, categories = np.array([0, 0, 0, 1, 1, 2]), np.array([1, 1, 0, 2, 0, 2])
    assert right_words(clusters, categories).tolist() == [True, True, False, False, True, True]


def test_unknown_words_are_left_out(space, categories):
    more = CategorizationBenchmark("mine", (CategorizedWord("gold", "metal"), *categories.members))
    found = evaluate_categorization(space, more)
    assert (found.total.covered, found.total.total) == (6, 7)
    assert found.clusters[0] == -1
    assert np.isnan(found.outcomes[0])
    assert found.rows()[1] == ("mine", "metal", "correct words", None, None, None, 0, 1)
    assert found.purity.value == 5 / 6  # two clusters, as the known words have two categories


def test_nothing_covered(space):
    found = evaluate_categorization(space, CategorizationBenchmark("mine", (CategorizedWord("x", "y"),)))
    assert found.rows()[0] == ("mine", "total", "purity", None, None, None, 0, 1)
    assert "nothing is covered" in found.warnings[0]


def test_case(space):
    loud = CategorizationBenchmark("mine", tuple(CategorizedWord(word.upper(), "animal") for word in ANIMALS))
    assert "3 more of 3" in evaluate_categorization(space, loud).warnings[1]
    assert evaluate_categorization(space, loud, lowercase=True).purity.value == 1


@pytest.mark.parametrize("line", ["{} {}", "{}\t{}", "{},{}", "{} , {}"])
def test_reading(tmp_path, categories, line):
    path = tmp_path / "mine.txt"
    path.write_text("\n".join(line.format(*member) for member in categories.members))
    assert read_benchmark(path) == categories
    assert (categories.categories, len(categories)) == (("animal", "fruit"), 6)


def bundles(spread, seed):
    """Three categories of ten words each around the axes."""
    rows = np.repeat(np.eye(3), 10, axis=0) + np.random.default_rng(seed).normal(0, spread, (30, 3))
    words = [f"w{place}" for place in range(30)]
    members = tuple(CategorizedWord(word, f"c{place // 10}") for place, word in enumerate(words))
    return Embeddings(rows, Vocabulary(words)), CategorizationBenchmark("bundles", members)


def test_bundles_are_found_whatever_the_lengths_of_their_vectors():
    space, benchmark = bundles(0.1, seed=0)
    stretched = Embeddings(space.matrix * np.linspace(0.1, 50, 30)[:, None], space.vocabulary)
    assert evaluate_categorization(stretched, benchmark).purity.value == 1


def test_the_seed_decides():
    space, benchmark = bundles(2, seed=3)
    first, again = (evaluate_categorization(space, benchmark, restarts=1, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.clusters, again.clusters)
    others = [evaluate_categorization(space, benchmark, restarts=1, seed=seed) for seed in range(8)]
    assert any((other.clusters != first.clusters).any() for other in others)


def test_vectors_that_are_all_the_same():
    space, benchmark = bundles(0.1, seed=0)
    flat = Embeddings(np.ones((30, 3)), space.vocabulary)
    assert evaluate_categorization(flat, benchmark).purity.value == 1 / 3


def test_no_restart(space, categories):
    with pytest.raises(InputError, match="at least 1 restart, got 0"):
        evaluate_categorization(space, categories, restarts=0)


def test_a_category_that_tables_would_take_for_a_sum(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("cat animal\ndog animal\nfig total\nplum total\n")
    with pytest.raises(FormatError, match="line 3: 'total' stands for a sum of parts"):
        read_benchmark(path)


def test_a_line_without_a_category(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("cat animal\ndog animal\nfig fruit\nplum\npear fruit\n")
    with pytest.raises(FormatError, match="expected a word and its category on each line, got line 4 'plum'"):
        read_benchmark(path)


def test_no_members():
    with pytest.raises(InputError, match="got none"):
        CategorizationBenchmark("mine", ())

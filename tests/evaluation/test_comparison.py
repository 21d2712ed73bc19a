import numpy as np
import pytest
from scipy import stats

from embedkit import Embeddings, InputError, Vocabulary
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.benchmarks.analogy_items import AnalogyBenchmark, Question
from embedkit.evaluation.benchmarks.categorization_items import CategorizationBenchmark, CategorizedWord
from embedkit.evaluation.benchmarks.outlier_items import OutlierBenchmark, OutlierTopic
from embedkit.evaluation.benchmarks.relation_items import RatedPair, Relation, RelationBenchmark
from embedkit.evaluation.benchmarks.similarity_items import ScoredPair, SimilarityBenchmark
from embedkit.evaluation.comparison import compare, corrected, enough_resamples
from embedkit.evaluation.scoring import evaluate
from embedkit.statistics.shares import newcombe

WORDS = [f"w{place}" for place in range(30)]


def space(seed, size, words=WORDS):
    return Embeddings(np.random.default_rng(seed).normal(size=(len(words), size)), Vocabulary(words))


@pytest.fixture
def a():
    return space(1, 5)


@pytest.fixture
def b():
    """Other dimensions, and without the first three words."""
    return space(2, 7, [*WORDS[3:], "other"])


def similarity(a, b):
    """80 pairs whose scores are the cosines of `a` with some noise."""
    generator = np.random.default_rng(3)
    ids = generator.integers(30, size=(80, 2))
    pairs = [(f"w{i}", f"w{j}") for i, j in ids.tolist()]
    return SimilarityBenchmark(
        "pairs", tuple(ScoredPair(*pair, a.similarity(*pair) + generator.normal(0, 0.2)) for pair in pairs)
    )


def solved(space, count):
    """Questions of which `space` solves every other one."""
    ids = np.random.default_rng(4).permuted(np.tile(np.arange(30), (count, 1)), axis=1)[:, :3]
    questions = []
    for place, (x, y, z) in enumerate(ids.tolist()):
        best = space.analogy(f"w{x}", f"w{y}", f"w{z}", top=2)
        questions.append(Question("all", f"w{x}", f"w{y}", f"w{z}", best[place % 2].word))
    return AnalogyBenchmark("questions", tuple(questions))


def test_analogies_by_mcnemar(a, b):
    benchmark = solved(a, 60)
    first, second = (evaluate_analogies(vectors, benchmark).outcomes for vectors in (a, b))
    both = ~np.isnan(first) & ~np.isnan(second)
    only = [np.sum(x[both] > y[both]) for x, y in ((first, second), (second, first))]
    (found,) = compare(a, b, [benchmark])
    assert 10 < found.shared == both.sum() < found.total == 60
    assert (found.a, found.b) == pytest.approx((first[both].mean(), second[both].mean()))
    assert found.difference.value == pytest.approx(found.a - found.b)
    assert (found.test, found.better) == ("mcnemar", "a")
    assert found.p_value == pytest.approx(stats.binomtest(only[0], sum(only)).pvalue)
    assert 0 < found.difference.interval.low < found.difference.value < found.difference.interval.high


def test_similarity_on_the_pairs_both_know(a, b):
    benchmark = similarity(a, b)
    pairs = [pair for pair in benchmark.pairs if pair.first in b and pair.second in b]
    gold = [pair.score for pair in pairs]
    (found,) = compare(a, b, [benchmark])
    for vectors, score in ((a, found.a), (b, found.b)):
        cosines = [vectors.similarity(*pair[:2]) for pair in pairs]
        assert score == pytest.approx(stats.spearmanr(cosines, gold).statistic, abs=1e-4)
    assert (found.shared, found.total, found.test) == (len(pairs), 80, "bootstrap")
    assert found.better == "a"
    assert found.p_value == 2 / 2001


def test_turning_the_spaces_round_turns_the_answer(a, b):
    benchmarks = [similarity(a, b), solved(a, 40)]
    for there, back in zip(compare(a, b, benchmarks), compare(b, a, benchmarks), strict=True):
        assert (there.a, there.b, there.better) == (back.b, back.a, "a")
        assert back.better == "b"
        assert there.p_value == pytest.approx(back.p_value)
        np.testing.assert_allclose(there.difference.interval, -np.array(back.difference.interval)[::-1])


def test_a_space_and_itself(a):
    for found in compare(a, a, [similarity(a, a), solved(a, 20)]):
        assert found.difference.value == 0
        if found.test == "bootstrap":
            assert found.difference.interval is None
        else:  # other questions might tell them apart
            low, high = found.difference.interval
            assert low == pytest.approx(-high)
            assert low < 0
        assert (found.p_value, found.corrected_p_value, found.better) == (1, 1, None)


def test_results_that_are_known_are_not_asked_for_again(a, b, monkeypatch):
    benchmarks = [similarity(a, b), solved(a, 40)]
    results = tuple(
        [evaluate(space, benchmark, unknown="count") for benchmark in benchmarks] for space in (a, b)
    )
    expected = compare(a, b, benchmarks)
    monkeypatch.setattr("embedkit.evaluation.comparison.evaluate", None)
    assert compare(a, b, benchmarks, results=results) == expected


def test_pairs_of_spaces_that_are_told_together_are_corrected_together(a, b):
    pairs = [compare(a, b, [similarity(a, b)])[0], compare(a, space(9, 4), [similarity(a, b)])[0]]
    assert [one.corrected_p_value for one in corrected(pairs)] == pytest.approx(
        [2 * one.p_value for one in pairs]
    )
    assert [enough_resamples(tests) for tests in (1, 10, 50)] == [2000, 2000, 10_000]


def test_what_is_not_defined_is_not_tested(a, b):
    flat = SimilarityBenchmark("flat", (ScoredPair("w4", "w5", 1), ScoredPair("w6", "w7", 1)))
    (found,) = compare(a, b, [flat])
    assert (found.shared, found.p_value, found.untested) == (2, None, "a score is not defined")


def test_p_values_are_corrected_for_the_number_of_benchmarks(a, b):
    found = compare(a, b, [similarity(a, b), similarity(a, b), similarity(a, b)])
    assert [one.corrected_p_value for one in found] == pytest.approx([3 * 2 / 2001] * 3)


def test_case_differs_between_the_spaces(a):
    loud = Embeddings(a.matrix, Vocabulary([word.upper() for word in WORDS]))
    pairs = tuple(
        ScoredPair(pair.first.upper(), pair.second.upper(), pair.score) for pair in similarity(a, a).pairs
    )
    benchmark = SimilarityBenchmark("loud", pairs)
    assert compare(a, loud, [benchmark])[0].shared == 0
    (found,) = compare(a, loud, [benchmark], lowercase=(True, False))
    assert (found.shared, found.a) == (80, found.b)


def test_relations_by_relation(a, b):
    generator = np.random.default_rng(6)

    def pairs(count):
        return [tuple(f"w{i}" for i in ids) for ids in generator.integers(3, 30, (count, 2)).tolist()]

    relations = [
        Relation(f"r{n}", tuple(pairs(2)), tuple(RatedPair(*pair, generator.random()) for pair in pairs(9)))
        for n in range(6)
    ]
    (alone,) = compare(a, b, [RelationBenchmark("relation", tuple(relations[:1]))])
    assert (alone.shared, alone.test) == (9, "bootstrap")
    assert alone.difference.interval.low < alone.difference.value < alone.difference.interval.high
    benchmark = RelationBenchmark("relations", tuple(relations))
    (found,) = compare(a, b, [benchmark])
    assert (found.metric, found.test, found.shared, found.total) == ("spearman", "bootstrap", 54, 54)
    assert found.difference.value == pytest.approx(found.a - found.b)
    assert found.p_value > 0.05  # both spaces are random


def test_relations_have_the_prototypes_that_both_know():
    """b lacks a prototype that turns a's judgement round."""
    words = {"east": (1, 0), "north": (0, 1), "west": (-1, 0), "here": (0.8, 0.6), "there": (0.6, -0.8)}
    first = Embeddings(np.array(list(words.values())), Vocabulary(list(words)))
    second = first.subset([word for word in words if word != "west"])
    prototypes = (("east", "north"), ("east", "west"), ("north", "west"))
    rated = [("east", "north", 3), ("here", "north", 2), ("east", "there", 1)]
    relation = Relation("r", prototypes, tuple(RatedPair(*pair) for pair in rated))
    benchmark = RelationBenchmark("relation", (relation,))
    (found,) = compare(first, second, [benchmark])
    assert found.a == found.b == evaluate(second, benchmark).spearman.value == 1
    assert evaluate(first, benchmark).spearman.value == 0.5


def test_outliers_among_the_words_both_know():
    words = ["cat", "dog", "cow", "emu", "fig", "plum"]
    first = Embeddings([(9, 1), (9, 2), (9, 1), (9, 3), (1, 9), (1, 8)], Vocabulary(words))
    second = Embeddings([(9, 1), (1, 9), (9, 1), (9, 0)], Vocabulary(["cat", "dog", "emu", "fig"]))
    topic = OutlierTopic("animals", ("cat", "dog", "cow", "emu"), ("fig", "plum"))
    (found,) = compare(first, second, [OutlierBenchmark("mine", (topic,))])
    assert (found.metric, found.a, found.b) == ("accuracy", 1, 0)
    assert (found.shared, found.total, found.p_value) == (1, 2, 1)
    assert found.difference == (1, newcombe(0, 1, 0, 0))


def test_categories_of_the_words_both_know():
    words, members = ["cat", "dog", "fig", "plum"], ("animal", "animal", "fruit", "fruit")
    first = Embeddings([(9, 1), (9, 2), (1, 9), (2, 9)], Vocabulary(words))
    second = Embeddings([(9, 1, 0), (1, 9, 0), (8, 1, 0), (1, 8, 1)], Vocabulary(words))
    benchmark = CategorizationBenchmark(
        "mine", tuple(map(CategorizedWord, [*words, "gnu"], [*members, "animal"]))
    )
    (found,) = compare(first, second, [benchmark])
    assert (found.metric, found.a, found.b, found.shared, found.total) == ("purity", 1, 0.5, 4, 5)


def test_nothing_in_common(a):
    stranger = space(1, 4, ["x", "y", "z"])
    topic = OutlierBenchmark("topic", (OutlierTopic("t", ("w1", "w2"), ("w3",)),))
    category = CategorizationBenchmark("category", (CategorizedWord("w1", "c"),))
    relation = Relation("r", (("w1", "w2"),), (RatedPair("w3", "w4", 1.0),))
    benchmarks = [solved(a, 4), similarity(a, a), topic, category, RelationBenchmark("relation", (relation,))]
    for found in compare(a, stranger, benchmarks):
        assert (found.a, found.b, found.difference, found.better) == (None, None, (None, None), None)
        assert (found.shared, found.p_value, found.corrected_p_value) == (0, None, None)
        assert found.untested == "no item is covered by both"
        assert all(row.value is None for row in found.rows())


def test_rows(a, b):
    (found,) = compare(a, b, [similarity(a, b)])
    rows = found.rows()
    assert [row.metric for row in rows] == [
        "spearman of a",
        "spearman of b",
        "spearman, a - b",
        "p (bootstrap)",
        "corrected p",
    ]
    assert rows[2][3:] == (*found.difference.numbers, found.shared, 80)
    assert rows[3].value == rows[4].value == found.p_value


def test_what_cannot_be_compared(a, b):
    with pytest.raises(InputError, match="got none"):
        compare(a, b, [])
    with pytest.raises(InputError, match=r"expected a file or one of the names .*; got 'gogle'"):
        compare(a, b, ["gogle"])
    with pytest.raises(InputError, match="expected a benchmark, as `find_benchmark` gives, got 7"):
        compare(a, b, [7])


def test_nothing_is_found_too_often_where_nothing_differs():
    """Holm keeps the chance of any false claim, over all benchmarks of a comparison, under 5 %."""
    claims = 0
    for seed in range(60):
        generator = np.random.default_rng(seed)
        benchmarks = [
            SimilarityBenchmark(
                f"b{n}",
                tuple(
                    ScoredPair(f"w{i}", f"w{j}", generator.random())
                    for i, j in generator.integers(30, size=(50, 2))
                ),
            )
            for n in range(3)
        ]
        found = compare(space(seed, 6), space(seed + 1000, 6), benchmarks, resamples=300)
        claims += any(one.better for one in found)
    assert claims <= 8  # at 5 %, more has a chance below 1 in 200

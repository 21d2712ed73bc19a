"""The benchmarks that ship: well formed, covered by the shipped vectors, and answered sensibly by them."""

from collections import Counter

import pytest

import embedkit
from embedkit.evaluation.analogies import evaluate_analogies
from embedkit.evaluation.benchmarks.analogy_items import is_syntactic
from embedkit.evaluation.benchmarks.catalogue import find_benchmark
from embedkit.evaluation.categorization import evaluate_categorization
from embedkit.evaluation.outliers import evaluate_outliers
from embedkit.evaluation.similarity import evaluate_similarity

COVERAGE = 0.95


@pytest.fixture(scope="module")
def english():
    return embedkit.load()


def test_analogies_are_well_formed():
    benchmark = find_benchmark("english-analogies")
    assert len(set(benchmark.questions)) == len(benchmark) == 2340
    assert [is_syntactic(category) for category in benchmark.categories] == [False] * 4 + [True] * 6
    for question in benchmark.questions:
        assert len(set(question.words)) == 4
        assert all(word.isalpha() and word.islower() for word in question.words)


def test_a_question_has_one_answer():
    answers = {}
    for question in find_benchmark("english-analogies").questions:
        answers.setdefault((question.category, question.c), set()).add(question.d)
    assert all(len(words) == 1 for words in answers.values())


def test_analogies_on_the_shipped_vectors(english):
    result = evaluate_analogies(english, find_benchmark("english-analogies"))
    assert result.total.coverage >= COVERAGE
    assert result.total.accuracy.value > 0.55


def test_similarity_has_four_grades_of_like_size_and_no_pair_twice():
    pairs = find_benchmark("english-similarity").pairs
    grades = Counter(pair.score for pair in pairs)
    assert sorted(grades) == [0, 1, 2, 3]
    assert len(pairs) >= 150
    assert min(grades.values()) >= 40
    assert len({frozenset(pair[:2]) for pair in pairs}) == len(pairs)


def test_similarity_on_the_shipped_vectors(english):
    result = evaluate_similarity(english, find_benchmark("english-similarity"))
    assert result.coverage >= COVERAGE
    assert result.spearman.value > 0.7


def test_categories_are_of_one_size_and_no_word_is_in_two():
    benchmark = find_benchmark("english-categories")
    sizes = Counter(member.category for member in benchmark.members)
    assert len(sizes) == 12
    assert set(sizes.values()) == {8}
    assert len({member.word for member in benchmark.members}) == len(benchmark)


def test_categories_on_the_shipped_vectors(english):
    result = evaluate_categorization(english, find_benchmark("english-categories"))
    assert result.total.covered / result.total.total >= COVERAGE
    assert result.purity.value > 0.8


def test_outliers_are_eight_topics_of_eight_and_eight():
    topics = find_benchmark("english-outliers").topics
    assert [(len(topic.cluster), len(topic.outliers)) for topic in topics] == [(8, 8)] * 8
    for topic in topics:
        assert len({*topic.cluster, *topic.outliers}) == 16


def test_outliers_on_the_shipped_vectors(english):
    result = evaluate_outliers(english, find_benchmark("english-outliers"))
    assert result.total.covered / result.total.total >= COVERAGE
    assert result.total.accuracy.value > 0.6

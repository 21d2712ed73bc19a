"""The report of an evaluation holds what its functions find one by one."""

import numpy as np
import pytest

from embedkit import Embeddings, Vocabulary
from embedkit.errors import InputError
from embedkit.evaluation.benchmarks.similarity_items import ScoredPair, SimilarityBenchmark
from embedkit.evaluation.comparison import compare
from embedkit.evaluation.health import health
from embedkit.evaluation.report import evaluation_report
from embedkit.evaluation.scoring import evaluate
from embedkit.evaluation.settings import EvaluationSettings

WORDS = [f"w{row}" for row in range(12)]
PAIRS = SimilarityBenchmark("pairs", tuple(ScoredPair(WORDS[i], WORDS[i + 1], i % 5) for i in range(11)))


def space(seed):
    return Embeddings(np.random.default_rng(seed).normal(size=(12, 4)), Vocabulary(WORDS))


def test_scores_health_and_comparison_are_those_of_direct_calls():
    vectors = {"a": space(1), "b": space(2)}
    report = evaluation_report(vectors, [PAIRS], EvaluationSettings(seed=7))
    for name, one in vectors.items():
        assert report.scores[name] == evaluate(one, PAIRS, seed=7, lowercase=True).rows()
        assert report.health[name].rows() == health(one, seed=7).rows()
    [pair] = report.comparisons
    assert (pair.a, pair.b) == ("a", "b")
    assert pair.comparisons == compare(vectors["a"], vectors["b"], [PAIRS], lowercase=(True, True), seed=7)


def test_one_space_is_compared_with_none():
    report = evaluation_report(space(1), [PAIRS], with_health=False)
    assert list(report.scores) == ["vectors"]
    assert (report.health, report.comparisons) == ({}, [])


def test_nothing_to_evaluate_is_refused():
    with pytest.raises(InputError, match="expected vectors to evaluate, got none"):
        evaluation_report({}, [PAIRS])


def test_a_seed_that_not_all_libraries_take_is_told_first():
    with pytest.raises(InputError, match="seed must be at most 4294967295, got 4294967296"):
        EvaluationSettings(seed=2**32)

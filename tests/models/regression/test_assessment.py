"""Scores of regressors, against scikit-learn and scipy."""

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics

from embedkit import (
    InputError,
    Labeled,
    TfidfClassifier,
    TfidfRegressor,
    evaluate_classifier,
    evaluate_regressor,
)
from embedkit.models.regression.assessment import assess_numbers, compare_errors
from embedkit.models.regression.training import ngrams_beside, train_regressor


@pytest.fixture
def answers():
    random = np.random.default_rng(2)
    truth = random.integers(1, 11, 80).astype(float)
    return truth + random.normal(size=80), truth


def test_scores_are_those_of_other_libraries(answers):
    predicted, truth = answers
    found = assess_numbers(predicted, truth, 5.0)
    expected = {
        "MAE": metrics.mean_absolute_error(truth, predicted),
        "RMSE": metrics.root_mean_squared_error(truth, predicted),
        "R²": metrics.r2_score(truth, predicted),
        "Pearson": stats.pearsonr(truth, predicted).statistic,
        "Spearman": stats.spearmanr(truth, predicted).statistic,
    }
    assert {score.metric: score.value for score in found.totals} == pytest.approx(expected)
    assert all(score.low < score.value < score.high for score in found.totals)
    assert found.baseline[0].value == pytest.approx(np.abs(truth - 5).mean())
    assert found.baseline[2].value <= 0
    assert found.value("MAE") == found.totals[0].value


def test_what_is_not_defined_is_none():
    found = assess_numbers(np.array([1.0, 2, 3]), np.array([2.0, 2, 2]), 2.0)
    assert [score.value for score in found.totals[2:]] == [None, None, None]
    assert found.value("MAE") == pytest.approx(2 / 3)
    with pytest.raises(InputError, match="expected texts and as many numbers, got 0 and 0"):
        assess_numbers(np.zeros(0), np.zeros(0), 1.0)


def test_models_are_compared_by_their_errors(answers):
    predicted, truth = answers
    good, bad = assess_numbers(predicted, truth, 5.0), assess_numbers(predicted + 3, truth, 5.0)
    difference = compare_errors(good, bad)
    assert difference.value == pytest.approx(good.value("MAE") - bad.value("MAE"))
    assert difference.interval.high < 0
    assert compare_errors(good, good).interval is None


def test_evaluation_on_labeled_texts(rated):
    texts, ratings = rated
    data = Labeled(texts, [f"{rating:.3f}" for rating in ratings], "rated")
    training, held_out = data.split(0.25, seed=1, numbers=True)
    assert abs(len(held_out) - 60) <= 1
    means = [np.mean(np.array(part.labels, float)) for part in (training, held_out)]
    assert means[0] == pytest.approx(means[1], abs=0.2)  # held out evenly over the range
    with pytest.raises(InputError, match="rated: expected numbers as labels, got 'good'"):
        Labeled(["a", "b"], ["1", "good"], "rated").split(0.5, numbers=True)
    trained = train_regressor("tfidf", TfidfRegressor(alpha=0.1), training, held_out)
    assert trained.assessment.value("R²") > 0.8
    assert evaluate_regressor(trained.model, held_out).value("R²") == trained.assessment.value("R²")
    with pytest.raises(InputError, match="expected a model of numbers, got a classifier"):
        evaluate_regressor(TfidfClassifier(min_df=1).fit(["a", "b"], [0, 1]), held_out)
    with pytest.raises(InputError, match="got a model of numbers; use evaluate_regressor"):
        evaluate_classifier(trained.model, held_out)
    with pytest.raises(InputError, match="expected a number for each text, got 'good' for text 0"):
        evaluate_regressor(trained.model, Labeled(["fine"], ["good"]))


@pytest.mark.tensorflow
def test_a_baseline_reads_texts_as_its_network_does():
    from embedkit import TextRegressor

    ngrams = ngrams_beside(TextRegressor(punctuation=True, bounded=False))
    assert (ngrams.punctuation, ngrams.bounded) == (True, False)

"""Scores agree with scikit-learn's, and with what can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from embedkit import Labeled, TfidfClassifier, evaluate_classifier
from embedkit.errors import InputError
from embedkit.models.assessment.calibration import calibration_error, reliability
from embedkit.models.assessment.report import assess, compare_models
from embedkit.models.targets import labels_from_text, read_targets
from embedkit.statistics.intervals import wilson
from embedkit.statistics.significance import mcnemar


@st.composite
def judged(draw, several=False):
    """Targets, probabilities and true labels of some texts."""
    classes, texts = draw(st.integers(2, 4)), draw(st.integers(2, 40))
    generator = np.random.default_rng(draw(st.integers(0, 10**6)))
    if several:
        matrix = generator.random((texts, classes)) < 0.4
        targets = read_targets(np.eye(classes, dtype=int).repeat(2, axis=0))
        return targets, generator.random((texts, classes)), matrix
    targets = read_targets(np.arange(2 * classes) % classes)
    return targets, generator.dirichlet(np.ones(classes), texts), generator.integers(0, classes, texts)


def values(scores):
    return {(score.part, score.metric): score.value for score in scores}


@given(judged())
def test_one_label_a_text(case):
    targets, likely, truth = case
    found, predicted, classes = assess(targets, likely, truth), likely.argmax(axis=1), targets.classes
    totals = values(found.totals)
    assert totals["total", "accuracy"] == pytest.approx(metrics.accuracy_score(truth, predicted))
    assert totals["total", "macro-F1"] == pytest.approx(metrics.f1_score(truth, predicted, average="macro"))
    assert totals["total", "log loss"] == pytest.approx(metrics.log_loss(truth, likely, labels=classes))
    brier = metrics.brier_score_loss(truth, likely, labels=classes, scale_by_half=True)
    assert totals["total", "Brier score"] == pytest.approx(brier)
    np.testing.assert_array_equal(found.confusion, metrics.confusion_matrix(truth, predicted, labels=classes))
    expected = metrics.precision_recall_fscore_support(truth, predicted, labels=classes, zero_division=np.nan)
    by_class = iter(found.by_class)
    for precision, recall, f1, support in zip(*expected, strict=True):
        ours = [next(by_class) for _ in range(3)]
        assert [score.value for score in ours] == pytest.approx(
            [None if np.isnan(value) else value for value in (precision, recall, f1)]
        )
        assert ours[1].texts == ours[2].texts == support


@given(judged(several=True))
def test_several_labels_a_text(case):
    targets, likely, truth = case
    found, predicted = assess(targets, likely, truth), likely > 0.5
    totals = values(found.totals)
    assert totals["total", "subset accuracy"] == pytest.approx(metrics.accuracy_score(truth, predicted))
    for name in ("micro", "macro"):
        expected = metrics.f1_score(truth, predicted, average=name, zero_division=np.nan)
        value = totals["total", f"{name}-F1"]
        assert np.nan_to_num(np.array(value, float)) == pytest.approx(np.nan_to_num(expected))
    loss = metrics.log_loss(truth.ravel(), likely.ravel(), labels=[False, True])
    assert totals["total", "log loss"] == pytest.approx(loss)
    assert totals["total", "Brier score"] == pytest.approx(((likely - truth) ** 2).mean())
    assert found.confusion is None


def test_shares_have_the_intervals_of_wilson():
    targets = read_targets(["a", "b", "a", "b"])
    likely = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]])
    found = assess(targets, likely, ["a", "b", "b", "a"])
    accuracy, precision, recall = found.totals[0], *found.by_class[:2]
    assert (accuracy.value, (accuracy.low, accuracy.high), accuracy.texts) == (0.75, wilson(3, 4), 4)
    assert (precision.value, (precision.low, precision.high), precision.texts) == (2 / 3, wilson(2, 3), 3)
    assert (recall.value, (recall.low, recall.high), recall.texts) == (1, wilson(2, 2), 2)
    assert found.right.tolist() == [True, False, True, True]


def test_labels_that_the_model_does_not_know_are_wrong():
    targets = read_targets(["a", "b", "a", "b"])
    likely = np.array([[0.9, 0.1], [0.2, 0.8]])
    found = assess(targets, likely, ["a", "c"])
    assert (found.unknown_label_texts, found.totals[0].value) == (1, 0.5)
    assert (found.classes, found.confusion.tolist()) == (("a", "b", "c"), [[1, 0, 0], [0, 0, 0], [0, 1, 0]])
    lists = read_targets([("a",), ("b",), ("a", "b")])
    several = assess(lists, np.array([[0.9, 0.1], [0.9, 0.1]]), [("a",), ("a", "c")])
    assert (several.unknown_label_texts, several.totals[0].value) == (1, 0.5)


@given(judged(), st.data())
def test_scores_are_over_the_classes_of_the_truth(case, data):
    """As scikit-learn's are, for labels that the model does not know: their probability is 0."""
    targets, likely, truth = case
    truth = np.where(np.arange(len(truth)) % 2 == 0, truth, truth + data.draw(st.integers(1, 5)))
    found, predicted = assess(targets, likely, truth), likely.argmax(axis=1)
    classes = [*targets.classes, *sorted({*truth.tolist()} - {*targets.classes.tolist()})]
    padded = np.pad(likely, ((0, 0), (0, len(classes) - likely.shape[1])))
    totals = values(found.totals)
    assert totals["total", "macro-F1"] == pytest.approx(metrics.f1_score(truth, predicted, average="macro"))
    assert totals["total", "log loss"] == pytest.approx(metrics.log_loss(truth, padded, labels=classes))
    brier = metrics.brier_score_loss(truth, padded, labels=classes, scale_by_half=True)
    assert totals["total", "Brier score"] == pytest.approx(brier)
    np.testing.assert_array_equal(found.confusion, metrics.confusion_matrix(truth, predicted, labels=classes))
    assert found.classes == tuple(map(str, classes))


def test_several_labels_are_scored_over_those_of_the_truth():
    """Two of four labels are found; the other two are unknown to the model."""
    lists = read_targets([("pos",), ("neg",), ("pos", "neg")])
    likely = np.array([[0.1, 0.9], [0.8, 0.2]])
    truth = [("pos", "new"), ("neg", "new")]
    totals = values(assess(lists, likely, truth).totals)
    expected = np.array([[0, 1, 1], [1, 0, 1]])
    padded = np.pad(likely, ((0, 0), (0, 1)))
    assert totals["total", "micro-recall"] == 0.5
    for average in ("micro", "macro"):
        score = metrics.f1_score(expected, padded > 0.5, average=average, zero_division=0)
        assert totals["total", f"{average}-F1"] == pytest.approx(score) == pytest.approx(2 / 3)
    assert totals["total", "Brier score"] == pytest.approx(((padded - expected) ** 2).mean())
    loss = np.mean([metrics.log_loss(expected[:, k], padded[:, k], labels=[0, 1]) for k in range(3)])
    assert totals["total", "log loss"] == pytest.approx(loss)


def test_labels_in_a_file_for_a_model_of_a_matrix():
    matrix = np.array([[0, 1], [1, 0]] * 4)
    model = TfidfClassifier().fit(["good film", "bad film"] * 4, matrix)
    data = Labeled(["good film", "bad film"], [("1", "9"), ("0",)])
    found = evaluate_classifier(model, data)
    assert (found.classes, found.unknown_label_texts) == (("0", "1", "9"), 1)
    assert found.value("micro-recall") == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("learned", "labels"),
    [
        (["a", "b", "a", "b"], ["c", "c"]),
        ([1, 2, 1, 2], ["3", "4"]),
        ([("a",), ("b",), ("a", "b")], [("c",), ("c", "d")]),
    ],
)
def test_a_truth_of_which_the_model_knows_nothing(learned, labels):
    """An accuracy of 0 would say that the model is bad."""
    targets = read_targets(learned)
    with pytest.raises(InputError, match=r"not one label .* they have '(c|3)'.*, it knows ('a', 'b'|1, 2);"):
        assess(targets, np.full((2, 2), 0.5), labels)
    model = TfidfClassifier().fit(["good film", "bad film", "good film", "bad film"][: len(learned)], learned)
    with pytest.raises(InputError, match="not one label"):
        model.score(["good film", "bad film"], labels)
    assert assess(read_targets([("a",), ("b",)]), np.full((2, 2), 0.1), [(), ()]).value("micro-F1") is None


def test_a_column_that_holds_no_labels():
    targets = read_targets([0, 1, 0, 1])
    with pytest.raises(InputError, match=r"knows, 0, 1, .* 1,998 others such as 10, 100, .* 1,993 more"):
        assess(targets, np.full((2000, 2), 0.5), range(2000))


def test_reliability_by_hand():
    bins = reliability(np.array([0.05, 0.1, 0.11, 0.95, 1.0, 0.0]), np.array([0, 1, 0, 1, 1, 0], bool))
    counts = [found.predictions for found in bins]
    assert counts == [3, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert (bins[0].probability, bins[0].share) == pytest.approx((0.05, 1 / 3))
    assert (bins[2].probability, bins[2].share) == (None, None)
    by_hand = (3 * abs(0.05 - 1 / 3) + 1 * 0.11 + 2 * abs(0.975 - 1)) / 6
    assert calibration_error(bins) == pytest.approx(by_hand)


def test_probabilities_drawn_as_they_say_are_calibrated():
    generator = np.random.default_rng(1)
    likely = generator.random(200_000)
    assert calibration_error(reliability(likely, generator.random(200_000) < likely)) < 0.005
    assert calibration_error(reliability(likely, generator.random(200_000) < likely**2)) > 0.1


def test_two_models_are_compared_on_the_same_texts():
    a, b = np.array([1, 1, 1, 1, 0, 0], bool), np.array([1, 0, 0, 0, 1, 0], bool)
    found = compare_models(a, b)
    assert found[:4] == (1, 3, 1, 1)
    assert found.difference.value == pytest.approx(2 / 6)
    assert found.difference.interval.low < 0 < 2 / 6 < found.difference.interval.high
    assert found.p_value == mcnemar(3, 1)
    with pytest.raises(InputError, match="the same texts, got 6 and 2"):
        compare_models(a, b[:2])


def test_labels_of_a_file_become_those_of_the_model():
    assert labels_from_text(["1", "x"], read_targets([1, 2, 1, 2])) == [1, "x"]
    lists = read_targets([(1,), (2,), (1, 2)])
    assert labels_from_text([("1", "2"), "2"], lists) == [(1, 2), (2,)]
    matrix = read_targets(np.array([[0, 1], [1, 0]]))
    assert labels_from_text([("0", "1"), ("2",)], matrix) == [(0, 1), ("2",)]
    with pytest.raises(InputError, match="one label a text"):
        labels_from_text([("1",)], read_targets([1, 2, 1, 2]))


def test_nothing_cannot_be_assessed():
    targets = read_targets(["a", "b", "a", "b"])
    with pytest.raises(InputError, match="expected texts and as many labels, got 0 and 0"):
        assess(targets, np.zeros((0, 2)), [])
    with pytest.raises(InputError, match="got 1 and 2"):
        assess(targets, np.zeros((1, 2)), ["a", "b"])

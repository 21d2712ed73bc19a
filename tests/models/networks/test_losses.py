"""Losses are those of Keras, or of the definition, and count probabilities as expectations."""

import math

import numpy as np
import pytest

from embedkit.models.assessment.calibration import MIN_PROBABILITY
from embedkit.models.networks.backend import load_backend
from embedkit.models.networks.losses import FUNCTIONS, loss_of_unknown, losses_of

pytestmark = pytest.mark.tensorflow

SCORES = np.array([[0.3, -1.2, 2.0], [-3.0, 0.5, 0.1], [4.0, 4.5, -2.0]], np.float32)
CLASSES = np.eye(3, dtype=np.float32)[[2, 0, 1]]
LABELS = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 1]], np.float32)


def column(*values):
    return np.array(values, np.float32)[:, None]


def theirs(kind, **settings):
    _, keras = load_backend()
    return lambda targets, scores: getattr(keras.losses, kind)(from_logits=True, reduction=None, **settings)(
        targets, scores
    )


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize(
    ("loss", "one", "several"),
    [
        ("cross_entropy", "BinaryCrossentropy", "CategoricalCrossentropy"),
        ("focal", "BinaryFocalCrossentropy", "CategoricalFocalCrossentropy"),
    ],
)
def test_losses_of_logits_are_those_of_keras(loss, one, several, smoothing):
    settings = {"label_smoothing": smoothing}
    scores = SCORES.reshape(-1, 1)
    found = losses_of("binary", loss, smoothing)(LABELS.reshape(-1, 1), scores).numpy()[:, 0]
    if loss == "cross_entropy" or not smoothing:  # that of Keras does not take the focus of soft labels
        expected = theirs(one, **settings)(LABELS.reshape(-1, 1), scores).numpy()
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    if loss == "focal":
        settings |= {"alpha": 1.0}
    expected = theirs(several, **settings)(CLASSES, SCORES).numpy()
    found = losses_of("multiclass", loss, smoothing)(CLASSES, SCORES).numpy()
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-4, atol=1e-6)


def test_squared_errors_are_those_of_probabilities():
    likely = 1 / (1 + np.exp(-SCORES))
    found = losses_of("multilabel", "squared_error")(LABELS, SCORES).numpy()
    np.testing.assert_allclose(found, (likely - LABELS) ** 2, rtol=1e-4)
    shares = np.exp(SCORES) / np.exp(SCORES).sum(axis=1, keepdims=True)
    found = losses_of("multiclass", "squared_error")(CLASSES, SCORES).numpy()
    np.testing.assert_allclose(found[:, 0], ((shares - CLASSES) ** 2).mean(axis=1), rtol=1e-4)


def test_hinges_end_a_margin_of_one_ahead():
    found = losses_of("binary", "hinge")(column(1, 1, 0), column(0.25, 1.5, 0.25)).numpy()
    np.testing.assert_allclose(found, column(0.75, 0, 1.25))
    found = losses_of("multiclass", "hinge")(CLASSES, SCORES).numpy()
    # ahead by 1.7 of the next; behind the best by 3.5; ahead by 0.5
    np.testing.assert_allclose(found[:, 0], [0, 4.5, 0.5], atol=1e-6)
    tied = losses_of("multiclass", "hinge")(CLASSES[:1], np.full((1, 3), 2, np.float32)).numpy()
    np.testing.assert_allclose(tied, [[1]])


@pytest.mark.parametrize("loss", sorted({*FUNCTIONS} - {"squared_error"}))
def test_a_probability_counts_as_the_expected_loss(loss):
    shares = np.array([[0.2, 0.5, 0.3]], np.float32)
    each = losses_of("multiclass", loss)(np.eye(3, dtype=np.float32), np.tile(SCORES[:1], (3, 1))).numpy()
    found = losses_of("multiclass", loss)(shares, SCORES[:1]).numpy()
    np.testing.assert_allclose(found[0, 0], shares[0] @ each[:, 0], rtol=1e-5)
    found = losses_of("binary", loss)(column(1, 0, 0.2), column(0.7, 0.7, 0.7)).numpy()[:, 0]
    assert found[2] == pytest.approx(0.2 * found[0] + 0.8 * found[1])


def test_a_label_that_is_no_class_costs_what_the_least_probability_costs():
    assert loss_of_unknown("cross_entropy") == pytest.approx(-math.log(MIN_PROBABILITY))
    assert loss_of_unknown("squared_error") == pytest.approx(1)
    assert loss_of_unknown("hinge") > 10

"""The finder tries the rates that it was told, leaves the model alone, and reads the curve as it is read."""

import numpy as np
import pytest

from embedkit import InputError, LearningRateRange, TextClassifier, TextRegressor, find_learning_rate
from embedkit.models.networks.learning_rates import LearningRateSearch, smooth

TEXTS, LABELS = ["good film", "bad film", "fine plot", "poor plot"] * 20, [1, 0, 1, 0] * 20


def tiny(**changes):
    settings = {"embeddings": "random", "vector_size": 4, "layers": "conv:4 max"}
    return TextClassifier(**{**settings, "batch_size": 8, **changes})


def test_the_mean_is_of_both_sides():
    impulse = smooth([0, 0, 1, 0, 0])
    np.testing.assert_allclose(impulse, impulse[::-1])
    np.testing.assert_allclose(impulse[2], 1 / (1 + 2 * 0.8 + 2 * 0.8**2))
    np.testing.assert_allclose(smooth([3.0] * 4), 3)


def test_the_suggestion_is_the_lower_of_both_readings():
    rates = np.geomspace(1e-6, 1, 601)
    place = np.log10(rates)
    falls = 1 / (1 + np.exp(4 * (place + 3)))  # steepest at 1e-3, and never rises
    assert LearningRateSearch(rates, falls).suggestion == pytest.approx(1e-3, rel=0.05)
    valley = falls + 50 * np.maximum(0, place + 2.5)  # lowest near 10^-2.5
    assert LearningRateSearch(rates, valley).suggestion == pytest.approx(10**-3.5, rel=0.4)
    assert LearningRateSearch(rates, 1 - falls).suggestion is None


def test_rates_grow_by_the_same_multiple():
    rates = LearningRateRange(lowest_rate=1e-4, highest_rate=1, steps=5).rates()
    np.testing.assert_allclose(rates, [1e-4, 1e-3, 1e-2, 1e-1, 1])
    with pytest.raises(InputError, match=r"lowest_rate to be less than highest_rate, got 1 and 0\.1"):
        LearningRateRange(lowest_rate=1, highest_rate=0.1)
    with pytest.raises(InputError, match="steps must be at least 2, got 1"):
        LearningRateRange(steps=1)


@pytest.mark.tensorflow
def test_the_model_stays_as_it_was_and_the_seed_decides():
    model = tiny(validation_fraction=0.25, average=0.9, learning_rate=5.0)
    before, tried = model.get_params(), LearningRateRange(steps=25)
    found = find_learning_rate(model, TEXTS, LABELS, tried=tried)
    assert model.get_params() == before
    assert not hasattr(model, "predictor_")
    np.testing.assert_allclose(found.rates, tried.rates()[: len(found.rates)])
    assert found.losses[0] == pytest.approx(np.log(2), abs=0.1)
    assert found.losses.min() < 0.3
    again = find_learning_rate(model.set_params(learning_rate=1e-3), TEXTS, LABELS, tried=tried)
    np.testing.assert_array_equal(again.losses, found.losses)


@pytest.mark.tensorflow
def test_numbers_are_learned_as_well():
    model = TextRegressor(embeddings="random", vector_size=4, layers="conv:4 max", batch_size=8)
    found = find_learning_rate(model, TEXTS, [9.0, 2.0, 9.0, 2.0] * 20, tried=LearningRateRange(steps=25))
    assert found.losses.min() < found.losses[0] / 2


@pytest.mark.tensorflow
def test_a_trial_ends_where_the_loss_has_grown():
    found = find_learning_rate(
        tiny(optimizer="sgd", momentum=0.0, clip_norm=None),
        TEXTS,
        [1, 0, 0, 1] * 20,
        tried=LearningRateRange(lowest_rate=1, highest_rate=1e30, steps=60),
    )
    assert len(found.rates) < 60
    assert np.isfinite(found.losses).all()

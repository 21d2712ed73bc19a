"""A network scores a long text, lines and single steps alike."""

from itertools import pairwise

import numpy as np
import pytest

from embedkit.language_models import recurrent_model
from embedkit.language_models.parameters import RecurrentLayers
from embedkit.language_models.recurrent_model import RecurrentProbabilities
from embedkit.language_models.recurrent_weights import initial_network
from embedkit.language_models.token_text import END, TokenText

SIZE = 7
IDS = np.random.default_rng(5).integers(0, SIZE, 500).astype(np.int32)


@pytest.fixture(params=["lstm", "gru", "rnn"])
def model(request):
    layers = RecurrentLayers(cell=request.param, recurrent_layers=2, units=6, vector_size=5)
    weights = initial_network(layers, np.ones(SIZE), np.random.default_rng(1))
    return RecurrentProbabilities(
        layers, {name: weight * np.float32(0.7) for name, weight in weights.items()}
    )


def step_by_step(model, ids):
    states, last, found = model.begin(1), END, []
    for token in ids.tolist():
        logs, states = model.step(states, np.array([last]))
        assert np.exp(logs).sum() == pytest.approx(1, abs=1e-5)
        found.append(logs[0, token])
        last = token
    return found


def test_a_text_is_scored_as_token_by_token(model):
    found = model.log_probabilities(TokenText(IDS, np.array([0, 500])))
    np.testing.assert_allclose(found, step_by_step(model, IDS), rtol=1e-4, atol=1e-5)


def test_parts_of_a_long_text_are_read_side_by_side_with_what_stands_before_them(model, monkeypatch):
    monkeypatch.setattr(recurrent_model, "WARM_UP", 30)
    monkeypatch.setattr(recurrent_model, "STEPS", 17)
    found = model.log_probabilities(TokenText(IDS, np.array([0, 500])))
    np.testing.assert_allclose(found, step_by_step(model, IDS), atol=1e-3)


def test_lines_are_scored_each_for_itself(model):
    offsets = np.array([0, 1, 30, 31, 120, 500])
    found = model.log_probabilities(TokenText(IDS, offsets))
    wanted = [step_by_step(model, IDS[slice(*pair)]) for pair in pairwise(offsets)]
    np.testing.assert_allclose(found, np.concatenate(wanted), rtol=1e-4, atol=1e-5)

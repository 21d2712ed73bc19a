"""Gradients of recurrent language models against finite differences, and the sampled softmax."""

import numpy as np
import pytest

from embedkit.language_models.batches import line_batches, stream_batches
from embedkit.language_models.candidates import CandidateSampler, softmax_gradients
from embedkit.language_models.network_gradients import NetworkGradients
from embedkit.language_models.parameters import RecurrentDropout, RecurrentLayers
from embedkit.language_models.recurrent_weights import initial_network, network_shapes
from embedkit.language_models.token_text import TokenText

SIZE, SMALL = 9, 1e-6
IDS = np.random.default_rng(5).integers(2, SIZE, 30).astype(np.int32)
LINES = TokenText(IDS, np.array([0, 7, 9, 20, 30]))
DROPOUT = RecurrentDropout(
    word_dropout=0.2, input_dropout=0.3, layer_dropout=0.3, output_dropout=0.3, weight_dropout=0.3
)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_gradients_are_those_of_finite_differences(cell, tied):
    layers = RecurrentLayers(cell=cell, recurrent_layers=2, units=5, vector_size=4, tied=tied)
    generator = np.random.default_rng(1)
    weights = double(initial_network(layers, np.ones(SIZE), generator))
    assert {name: weight.shape for name, weight in weights.items()} == network_shapes(layers, SIZE)
    batch = next(line_batches(LINES, 4))
    states = None

    def found():
        sampler = CandidateSampler(np.ones(SIZE, np.int64), 0)
        drawn = np.random.default_rng(3)
        return NetworkGradients(weights, layers, DROPOUT, sampler, drawn).of(batch, states)

    gradients = found()
    for name, weight in weights.items():
        whole = np.zeros_like(weight)
        whole[gradients.rows.get(name, slice(None))] = gradients.gradients[name]
        for _ in range(3):
            at = tuple(generator.integers(0, length) for length in weight.shape)
            kept = weight[at]
            losses = []
            for changed in (kept + SMALL, kept - SMALL):
                weight[at] = changed
                losses.append(found().loss)
            weight[at] = kept
            slope = (losses[0] - losses[1]) / (2 * SMALL * batch.tokens)
            assert whole[at] == pytest.approx(slope, abs=1e-6), name


def double(weights):
    return {name: 3 * weight.astype(np.float64) for name, weight in weights.items()}


def test_states_go_on_from_batch_to_batch():
    layers = RecurrentLayers(units=5, vector_size=4)
    weights = initial_network(layers, np.ones(SIZE), np.random.default_rng(1))
    nothing = RecurrentDropout(input_dropout=0, layer_dropout=0, output_dropout=0)
    gradients = NetworkGradients(
        weights, layers, nothing, CandidateSampler(np.ones(SIZE), 0), np.random.default_rng(1)
    )
    text = TokenText(IDS, np.array([0, 30]))
    [whole] = stream_batches(text, 1, 30)
    wanted = gradients.of(whole, None)
    total, states = 0.0, None
    for batch in stream_batches(text, 1, 7, offset=3):
        found = gradients.of(batch, states)
        total, states = total + found.loss, found.states
    assert total == pytest.approx(wanted.loss, rel=1e-5)
    np.testing.assert_allclose(states[0], wanted.states[0], rtol=1e-4, atol=1e-6)


def test_the_sampled_sum_is_right_on_average():
    """The expectation of the estimated sum is the sum over all tokens, and every target is a candidate."""
    generator = np.random.default_rng(2)
    size = 60
    counts = generator.integers(1, 300, size)
    hidden, table = generator.normal(size=(1, 3)), generator.normal(size=(size, 3))
    bias = generator.normal(size=size)
    sampler, sums = CandidateSampler(counts, 30), []
    for _ in range(4000):
        drawn = sampler.draw(np.array([7]), generator)
        assert 7 in drawn.tokens
        scores = table[drawn.tokens] @ hidden[0] + bias[drawn.tokens] + drawn.log_weights
        sums.append(np.exp(scores).sum())
    everything = np.exp(table @ hidden[0] + bias).sum()
    assert np.mean(sums) == pytest.approx(everything, abs=4 * np.std(sums) / np.sqrt(len(sums)))
    assert np.std(sums) > 0.01 * everything


def test_a_small_vocabulary_is_predicted_among_all_tokens():
    drawn = CandidateSampler(np.ones(10), 10).draw(np.array([3]), np.random.default_rng(1))
    assert drawn.tokens.tolist() == list(range(10))
    assert not drawn.log_weights.any()


def test_the_softmax_of_many_rows_is_that_of_each():
    generator = np.random.default_rng(3)
    hidden, table = generator.normal(size=(5, 3)), generator.normal(size=(8, 3))
    bias, targets = generator.normal(size=8), np.array([1, 0, 7, 7, 2])
    candidates = CandidateSampler(np.ones(8), 0).draw(targets, generator)
    found = softmax_gradients(hidden, targets, table, bias, candidates)
    scores = hidden @ table.T + bias
    probabilities = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    assert found.loss == pytest.approx(-np.log(probabilities[np.arange(5), targets]).sum())
    of_scores = (probabilities - np.eye(8)[targets]) / 5
    np.testing.assert_allclose(found.hidden, of_scores @ table, rtol=1e-6)
    np.testing.assert_allclose(found.table, of_scores.T @ hidden, rtol=1e-6)
    np.testing.assert_allclose(found.bias, of_scores.sum(axis=0), rtol=1e-6)

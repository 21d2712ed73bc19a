"""The network: gradients by finite differences, and steps that give what the pass over all of them does."""

from itertools import product

import numpy as np
import pytest

from embedkit.translation.batches import NumberedPairs
from embedkit.translation.network import Seq2SeqNetwork
from embedkit.translation.output_loss import ROWS, log_probabilities, output_loss
from embedkit.translation.parameters import Seq2SeqLayers
from embedkit.translation.teacher_forcing import TeacherForcing
from embedkit.translation.weights import initial_weights, weight_shapes

PAIRS = NumberedPairs.of([[3, 4, 5], [4], [6, 3, 3, 5]], [[3, 4], [5, 5, 6], []])
KINDS = list(product(("gru", "lstm"), ("dot", "general", "additive")))


def random_network(cell="gru", attention="general", layers=1, tied=True, input_feeding=False):
    """A network of float64 whose weights are all random, biases too."""
    parts = Seq2SeqLayers(
        cell=cell,
        attention=attention,
        vector_size=3,
        units=4,
        recurrent_layers=layers,
        tied=tied,
        input_feeding=input_feeding,
    )
    generator = np.random.default_rng(1)
    drawn = initial_weights(parts, 8, 7, seed=1)
    weights = {name: w + 0.3 * generator.standard_normal(w.shape) for name, w in drawn.items()}
    return Seq2SeqNetwork(parts, weights)


@pytest.mark.parametrize(
    ("cell", "attention", "layers", "tied", "input_feeding", "dropout"),
    [
        ("gru", "general", 1, True, False, 0.0),
        ("gru", "additive", 2, True, False, 0.3),
        ("lstm", "dot", 2, False, False, 0.3),
        ("lstm", "additive", 1, False, False, 0.0),
        ("gru", "general", 1, True, True, 0.0),
        ("lstm", "additive", 2, False, True, 0.3),
        ("gru", "dot", 2, True, True, 0.3),
    ],
)
def test_gradients_are_those_of_finite_differences(cell, attention, layers, tied, input_feeding, dropout):
    network, batch = random_network(cell, attention, layers, tied, input_feeding), PAIRS.batch([0, 1, 2])

    def passed():
        return TeacherForcing(network, batch, dropout, np.random.default_rng(5)).gradients(0.1)

    _, gradients = passed()
    generator, step = np.random.default_rng(3), 1e-5
    for name, weight in network.weights.items():
        for place in generator.choice(weight.size, 2):
            before = weight.flat[place]
            weight.flat[place] = before + step
            above, _ = passed()
            weight.flat[place] = before - step
            below, _ = passed()
            weight.flat[place] = before
            slope = (above - below) / (2 * step)
            assert gradients[name].flat[place] == pytest.approx(slope, abs=1e-6), name


@pytest.mark.parametrize(("cell", "attention"), KINDS)
@pytest.mark.parametrize("input_feeding", [False, True])
def test_steps_give_the_probabilities_of_the_pass(cell, attention, input_feeding):
    network = random_network(cell, attention, layers=2, input_feeding=input_feeding)
    batch = PAIRS.batch([0, 1, 2])
    forced = TeacherForcing(network, batch)
    memory = network.encode(batch.sources, batch.source_lengths)
    states, totals = memory.states, np.zeros(3)
    for place in range(batch.targets.shape[1]):
        found, states, weights = network.step(batch.inputs[:, place], states, memory, 1)
        there = batch.mask[:, place]
        assert np.exp(found).sum(axis=1) == pytest.approx(np.ones(3))
        assert weights[there] == pytest.approx(forced.attention[there, place])
        totals[there] += found[np.arange(3), batch.targets[:, place]][there]
    assert totals == pytest.approx(forced.log_probabilities())


def test_several_hypotheses_of_a_source_are_followed_at_once():
    network, batch = random_network(), PAIRS.batch([0, 2])
    memory = network.encode(batch.sources, batch.source_lengths)
    single, *_ = network.step(np.array([3, 5]), memory.states, memory, 1)
    states = [np.repeat(state, 2, axis=0) for state in memory.states]
    double, _, attention = network.step(np.array([3, 4, 6, 5]), states, memory, 2)
    assert double[[0, 3]] == pytest.approx(single)
    assert attention.shape == (4, 5)


def test_a_pair_has_the_same_probability_in_any_company():
    network = random_network("lstm", "additive")
    alone = [TeacherForcing(network, PAIRS.batch([number])).log_probabilities()[0] for number in range(3)]
    assert TeacherForcing(network, PAIRS.batch([2, 0, 1])).log_probabilities() == pytest.approx(
        [alone[2], alone[0], alone[1]]
    )


def test_the_loss_is_the_cross_entropy_with_smoothed_targets():
    generator = np.random.default_rng(1)
    hidden, vectors, bias = (generator.standard_normal(shape) for shape in ((3, 2), (4, 2), (4,)))
    targets = np.array([1, 0, 3])
    chances = np.exp(hidden @ vectors.T + bias)
    logs = np.log(chances / chances.sum(axis=1, keepdims=True))
    wanted = np.full((3, 4), 0.2 / 4)
    wanted[np.arange(3), targets] += 0.8
    loss, _ = output_loss(hidden, vectors, bias, targets, 0.2, np.zeros((4, 2)), np.zeros(4))
    assert loss == pytest.approx(-(wanted * logs).sum())
    assert log_probabilities(hidden, vectors, bias, targets) == pytest.approx(logs[np.arange(3), targets])


def test_rows_beyond_a_block_count_as_well():
    rows = np.zeros((ROWS + 1, 2))
    loss, of_hidden = output_loss(
        rows, np.eye(2), np.zeros(2), np.ones(len(rows), int), 0.0, np.zeros((2, 2)), found := np.zeros(2)
    )
    assert loss == pytest.approx(len(rows) * np.log(2))
    assert found == pytest.approx([len(rows) / 2, -len(rows) / 2])
    assert of_hidden == pytest.approx(np.tile([0.5, -0.5], (len(rows), 1)))


@pytest.mark.parametrize(("cell", "attention"), KINDS)
@pytest.mark.parametrize("tied", [True, False])
def test_shapes_are_those_of_the_weights(cell, attention, tied):
    layers = Seq2SeqLayers(
        cell=cell,
        attention=attention,
        vector_size=6,
        units=4,
        recurrent_layers=2,
        tied=tied,
        input_feeding=not tied,
    )
    weights = initial_weights(layers, 8, 7, seed=1)
    assert weight_shapes(layers, 8, 7) == {name: weight.shape for name, weight in weights.items()}
    assert {weight.dtype for weight in weights.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_compiled_steps_give_the_gradients_of_numpy(cell):
    network = random_network(cell, layers=2)
    floats = {name: weight.astype(np.float32) for name, weight in network.weights.items()}
    network, batch = Seq2SeqNetwork(network.layers, floats), PAIRS.batch([0, 1, 2])
    (loss, plain), (other, compiled) = (
        TeacherForcing(network, batch, 0.3, np.random.default_rng(5), compiled=fast).gradients(0.1)
        for fast in (False, True)
    )
    assert other == pytest.approx(loss, rel=1e-5)
    for name, gradient in plain.items():
        assert compiled[name] == pytest.approx(gradient, abs=1e-5), name

"""The network: numpy beside compiled code, and gradients beside finite differences."""

import numpy as np
import pytest

from embedkit.tagging.backpropagation import TaggedBatch, batch_gradients
from embedkit.tagging.crf import FORBIDDEN, Transitions
from embedkit.tagging.forward import first_rows, tag_scores
from embedkit.tagging.parameters import TaggerLayers
from embedkit.tagging.recurrent import states_of, walked_states
from embedkit.tagging.weights import WORDS, initial_weights, weight_shapes
from embedkit.tagging.word_reader import WordReader

LENGTHS = np.array([3, 1, 2], np.int32)
PLACES = np.array([[0, 1, 2], [3, 0, 0], [1, 0, 0]], np.int32)
TAGS = np.array([0, 1, 1, 2, 0, 1], np.int32)


def network(**layers):
    """Weights of a tiny tagger, what it reads of four words, and transitions of which one may not be."""
    layers = TaggerLayers(
        **{"units": 3, "character_units": 2, "character_size": 3, "shape_size": 2, **layers}
    )
    reader = WordReader(["rome", "is", "a"], list("Romeiscty"))
    weights = initial_weights(weight_shapes(layers, 4, 4, 10, 3), seed=3)
    words = reader.read(["Rome", "is", "a", "city!"])
    pairs = np.zeros((3, 3))
    pairs[2, 0] = FORBIDDEN
    return weights, words, Transitions(pairs, np.zeros(3), np.zeros(3))


def test_numpy_and_compiled_states_are_the_same():
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(5, 24)).astype(np.float32)
    places = generator.integers(5, size=(4, 6)).astype(np.int32)
    lengths, recurrent = np.array([2, 6, 1, 4], np.int32), generator.normal(size=(2, 3, 12))
    recurrent = recurrent.astype(np.float32)
    walked = walked_states(rows, places, lengths, recurrent)
    np.testing.assert_allclose(walked, states_of(rows, places, lengths, recurrent, True), atol=1e-5)
    assert not walked[0, 2:].any()


@pytest.mark.parametrize("layers", [{}, {"lstm_layers": 2}, {"character_units": 0}, {"shape_size": 0}])
def test_gradients_are_finite_differences(layers):
    weights, words, allowed = network(**layers)
    batch = TaggedBatch(words, PLACES, LENGTHS, TAGS)

    def loss():
        return batch_gradients(weights, batch, allowed, 0.0, np.random.default_rng(1))[0] / len(TAGS)

    _, gradients = batch_gradients(weights, batch, allowed, 0.0, np.random.default_rng(1))
    gradients[WORDS] = np.stack(
        [gradients[WORDS][words.vectors == row].sum(axis=0) for row in range(len(weights[WORDS]))]
    )
    assert gradients.keys() == weights.keys()
    for name, weight in weights.items():
        direction = np.random.default_rng(2).normal(size=weight.shape).astype(np.float32)
        kept, step = weight.copy(), np.float32(1e-2)
        weight += step * direction
        above = loss()
        weight[:] = kept - step * direction
        below = loss()
        weight[:] = kept
        slope = float((gradients[name] * direction).sum())
        assert slope == pytest.approx((above - below) / (2 * float(step)), abs=2e-3, rel=2e-2), name


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("layers", [1, 2])
def test_a_sentence_is_read_the_same_whatever_stands_beside_it(compiled, layers):
    weights, words, _ = network(lstm_layers=layers)
    rows = first_rows(weights, words, compiled)
    scores = tag_scores(weights, rows, PLACES, LENGTHS, compiled)
    assert scores.shape == (6, 3)
    alone = tag_scores(weights, rows, PLACES[2:, :2], LENGTHS[2:], compiled)
    np.testing.assert_allclose(scores[4:], alone, atol=1e-6)
    other = tag_scores(weights, first_rows(weights, words, not compiled), PLACES, LENGTHS, not compiled)
    np.testing.assert_allclose(scores, other, atol=1e-5)


def test_long_words_are_read_from_both_ends():
    reader = WordReader([], list("ab"))
    [characters] = reader.read(["a" * 40 + "b" * 40]).characters
    assert characters.tolist() == [1] * 16 + [2] * 16

"""Attention: closed forms, masks, and gradients by finite differences."""

import numpy as np
import pytest

from embedkit.neural.attention import ATTENTIONS, attend, attend_back

MASK = np.array([[True, True, True], [True, False, False]])


def random_case(kind, queries=2, keys=3, size=4, seed=1):
    generator = np.random.default_rng(seed)
    cls = ATTENTIONS[kind]
    weights = {name: generator.standard_normal(shape) for name, shape in cls.shapes(size, size).items()}
    drawn = [generator.standard_normal((2, count, size)) for count in (queries, keys)]
    return cls(weights), *drawn


def score_by_hand(kind, weights, query, key):
    if kind == "dot":
        return query @ key
    if kind == "general":
        return key @ weights["kernel"] @ query
    hidden = np.tanh(query @ weights["query_kernel"] + key @ weights["key_kernel"])
    return weights["vector"] @ hidden


@pytest.mark.parametrize("kind", ATTENTIONS)
def test_weights_and_means_are_those_of_the_equations(kind):
    attention, queries, keys = random_case(kind)
    weights, means = attend(attention, queries, keys, attention.prepare(keys), MASK)
    scores = [score_by_hand(kind, attention.weights, queries[0, 1], key) for key in keys[0]]
    chances = np.exp(scores) / np.exp(scores).sum()
    assert weights[0, 1] == pytest.approx(chances)
    assert means[0, 1] == pytest.approx(chances @ keys[0])


@pytest.mark.parametrize("kind", ATTENTIONS)
def test_nothing_is_paid_to_what_is_not_there(kind):
    attention, queries, keys = random_case(kind)
    weights, means = attend(attention, queries, keys, attention.prepare(keys), MASK)
    assert weights[1].tolist() == [[1, 0, 0]] * 2
    assert means[1] == pytest.approx(np.stack([keys[1, 0]] * 2))


def test_equal_keys_share_attention():
    attention, queries, keys = random_case("dot")
    keys[0] = keys[0, 0]
    weights, _ = attend(attention, queries, keys, keys, MASK)
    assert weights[0] == pytest.approx(np.full((2, 3), 1 / 3))


def test_scores_may_be_large():
    attention, queries, keys = random_case("dot")
    weights, _ = attend(attention, 1e4 * queries, keys, keys, MASK)
    assert np.isfinite(weights).all()


@pytest.mark.parametrize("kind", ATTENTIONS)
def test_gradients_are_those_of_finite_differences(kind):
    attention, queries, keys = random_case(kind)
    of_means = np.random.default_rng(2).standard_normal(queries.shape)

    def value():
        return (attend(attention, queries, keys, attention.prepare(keys), MASK)[1] * of_means).sum()

    prepared = attention.prepare(keys)
    weights, _ = attend(attention, queries, keys, prepared, MASK)
    gradients = {name: np.zeros_like(weight) for name, weight in attention.weights.items()}
    of_queries, of_keys, of_prepared = attend_back(
        attention, of_means, queries, keys, prepared, weights, gradients
    )
    of_keys += attention.prepare_back(of_prepared, keys, gradients)
    found = {"queries": of_queries, "keys": of_keys, **gradients}
    for name, array in {"queries": queries, "keys": keys, **attention.weights}.items():
        assert found[name] == pytest.approx(differences(value, array), abs=1e-6), name


def differences(value, array, step=1e-6):
    """The gradient of `value()` by an array, which is changed and put back."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        before = array[place]
        array[place] = before + step
        above = value()
        array[place] = before - step
        gradient[place] = (above - value()) / (2 * step)
        array[place] = before
    return gradient

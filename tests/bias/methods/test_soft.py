"""Soft debiasing: the objective of the paper, against closed forms and a numeric optimum."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from embedkit import Embeddings, InputError, Vocabulary
from embedkit.bias.debiasing import debias
from embedkit.bias.methods.soft import Soft, _minimizer, _transform
from embedkit.bias.subspace import subspace
from embedkit.bias.topics.topic import Topic, topic
from tests.bias.spaces import PAIRS, direct_bias, random_space, space


def objective(words, neutral, direction, strength, square):
    """The objective as the module states it, of X = T^T T; rows are words."""
    change = words @ (square - np.eye(len(square))) @ words.T
    bias = neutral @ square @ direction
    return np.mean(change**2) + strength * np.mean(bias**2)


def problem(seed):
    """Words, of which the first are neutral, a direction, and what `_transform` takes of them."""
    generator = np.random.default_rng(seed)
    words = generator.normal(size=(12, 4)) * (3, 1, 1, 0.3)
    neutral = words[: generator.integers(1, 5)]
    direction = generator.normal(size=4)
    direction /= np.linalg.norm(direction)
    return words, neutral, direction, 10 ** generator.uniform(-2, 2)


@given(st.integers(0, 10_000))
@settings(max_examples=15)
def test_no_optimizer_finds_a_better_transform(seed):
    words, neutral, direction, strength = problem(seed)
    every, others = words.T @ words / 12, neutral.T @ neutral / len(neutral)
    transform = _transform(every, others, direction[None], strength)

    def of_root(root):
        root = root.reshape(4, 4)
        return objective(words, neutral, direction, strength, root.T @ root)

    best = minimize(of_root, np.eye(4).ravel(), method="BFGS", options={"gtol": 1e-9, "maxiter": 5000})
    assert of_root(transform.ravel()) <= best.fun * (1 + 1e-6) + 1e-9


def test_the_search_is_needed_where_few_words_are_neutral():
    """Some of the problems above have a solution that is no T^T T, some not: both ways are tested."""
    negative = 0
    for seed in range(20):
        words, neutral, direction, strength = problem(seed)
        values, axes = np.linalg.eigh(words.T @ words / 12)
        scale = np.sqrt(values)
        spread = axes.T @ (neutral.T @ neutral / len(neutral)) @ axes / np.outer(scale, scale)
        bias = (axes.T @ direction)[:, None] / scale[:, None]
        found = _minimizer(spread, bias, strength)(np.diag(values))
        negative += np.linalg.eigvalsh(found)[0] < -1e-6
    assert 0 < negative < 20


def test_by_hand():
    """Along the axes everything separates: the entry of X at the direction is v^2 / (v^2 + lambda n).

    With words of mean square v along the direction, of which the neutral ones have n, the objective in that
    entry x is v^2 (x - 1)^2 + lambda n x^2, since no inner product mixes the axes.
    """
    transform = _transform(np.diag([0.5, 0.3]), np.diag([0.4, 0.3]), np.array([[1.0, 0.0]]), 2.0)
    expected = 0.25 / (0.25 + 2 * 0.4)
    assert transform == pytest.approx(np.diag([np.sqrt(expected), 1]), abs=1e-9)


def test_without_strength_nothing_changes():
    vectors = random_space(1)
    after = Soft(strength=0.0).apply(vectors, PAIRS)
    assert after.matrix == pytest.approx(vectors.unit_matrix, abs=1e-6)


@given(st.integers(0, 1000))
def test_the_more_strength_the_less_bias(seed):
    vectors = random_space(seed)
    direction = subspace(vectors, PAIRS).direction
    neutral = [word for word in vectors if word not in PAIRS.definitional_words]
    biases = [
        direct_bias(Soft(strength=strength).apply(vectors, PAIRS), neutral, direction)
        for strength in (0.0, 0.1, 1.0, 1e8)
    ]
    assert biases == sorted(biases, reverse=True)
    assert biases[-1] < 1e-4 < biases[0]


def test_what_comes_out_has_length_1():
    assert Soft().apply(random_space(2), PAIRS).norms == pytest.approx(1, abs=1e-6)


def test_dimensions_that_hold_no_word_stay_empty():
    """The same space with a column of zeros has the same vectors."""
    vectors = random_space(3)
    wider = Embeddings(np.pad(vectors.matrix, ((0, 0), (0, 1))), vectors.vocabulary)
    after = [Soft().apply(v, PAIRS).matrix for v in (vectors, wider)]
    assert after[1] == pytest.approx(np.pad(after[0], ((0, 0), (0, 1))), abs=1e-5)


def test_the_direct_bias_of_professions_falls_on_the_shipped_vectors(english):
    gender = topic("gender")
    words = [word for word in gender.neutral if word in english]
    direction = subspace(english, gender).direction
    after = debias(english, gender, "soft")
    assert direct_bias(after, words, direction) < 0.3 * direct_bias(english, words, direction)
    assert after.metadata["transforms"][-1]["parameters"]["strength"] == 0.2


def test_words_must_be_neutral():
    two = Topic(name="two", classes={"a": ["a"], "b": ["b"]}, definitional=[["a", "b"]])
    with pytest.raises(InputError, match="words that are neutral to two, got none"):
        Soft().apply(space({"a": (1.0, 0), "b": (0, 1.0)}), two)


def test_the_vocabulary_may_be_smaller_than_the_space():
    generator = np.random.default_rng(4)
    vectors = Embeddings(
        generator.normal(size=(7, 20)), Vocabulary([*PAIRS.definitional_words, "nurse", "cook"])
    )
    direction = subspace(vectors, PAIRS).direction
    after = Soft(strength=1e8).apply(vectors, PAIRS)
    assert direct_bias(after, ["nurse", "cook"], direction) < direct_bias(
        vectors, ["nurse", "cook"], direction
    )


def test_a_search_that_finds_no_end_is_told():
    generator = np.random.default_rng(1)
    words = generator.normal(size=(7, 20))
    every, others = words.T @ words / 7, words[:2].T @ words[:2] / 2
    direction = (words[0] - words[1]) / np.linalg.norm(words[0] - words[1])
    with pytest.raises(InputError, match="did not converge in 2000 steps; take a lower strength"):
        _transform(every, others, direction[None], 1e8)

"""The CRF against the sum over all paths, and its kernels against their twin."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.tagging import crf
from embedkit.tagging.backpropagation import crf_gradients
from embedkit.tagging.crf import FORBIDDEN, Transitions
from embedkit.tagging.crf_kernels import best_paths, expectations
from embedkit.tagging.weights import FIRST, LAST, PAIRS
from embedkit.text.sequences.sequences import offsets_of


def drawn(lengths, tags, seed, forbidden=0.0):
    """Random scores of tags (N, K) float32, and transitions of which some may not be."""
    generator = np.random.default_rng(seed)
    scores = generator.normal(size=(sum(lengths), tags)).astype(np.float32)
    parts = [generator.normal(size=shape) for shape in ((tags, tags), tags, tags)]
    parts[0][generator.random((tags, tags)) < forbidden] = FORBIDDEN
    parts[0][:, 0] = 0  # a way out of every tag
    return scores, Transitions(*parts)


def paths_of(scores, transitions):
    """All paths and their scores, added up one by one."""
    steps, tags = scores.shape
    paths = list(product(range(tags), repeat=steps))
    totals = [
        transitions.first[path[0]]
        + sum(scores[step, tag] for step, tag in enumerate(path))
        + sum(transitions.pairs[pair] for pair in pairwise(path))
        + transitions.last[path[-1]]
        for path in paths
    ]
    return np.array(paths), np.array(totals)


CASES = {"steps": st.integers(1, 4), "tags": st.integers(1, 4), "seed": st.integers(0, 10_000)}


@given(**CASES)
def test_the_twin_agrees_with_all_paths(steps, tags, seed):
    scores, transitions = drawn([steps], tags, seed, forbidden=0.3)
    paths, totals = paths_of(scores.astype(float), transitions)
    probabilities = np.exp(totals - np.logaddexp.reduce(totals))
    assert crf.log_partition(scores, transitions) == pytest.approx(np.logaddexp.reduce(totals), abs=1e-5)
    best = crf.viterbi(scores, transitions)
    assert best.tolist() == paths[totals.argmax()].tolist()
    assert crf.path_score(scores, transitions, best) == pytest.approx(totals.max(), abs=1e-5)
    expected_marginals, expected_pairs = np.zeros((steps, tags)), np.zeros((tags, tags))
    for path, probability in zip(paths, probabilities, strict=True):
        expected_marginals[np.arange(steps), path] += probability
        np.add.at(expected_pairs, (path[:-1], path[1:]), probability)
    marginals, pairs = crf.marginals(scores, transitions)
    np.testing.assert_allclose(marginals, expected_marginals, atol=1e-5)
    np.testing.assert_allclose(pairs, expected_pairs, atol=1e-5)


@pytest.mark.parametrize("lengths", [[1], [1, 7, 2], [40, 3]])
@pytest.mark.parametrize("scale", [1, 100])
def test_the_kernels_agree_with_their_twin(lengths, scale):
    scores, transitions = drawn(lengths, 5, seed=len(lengths), forbidden=0.3)
    scores *= scale
    offsets = offsets_of(np.array(lengths))
    marginals, expected, totals = np.empty(scores.shape), np.zeros((5, 5)), np.empty(len(lengths))
    expectations(scores, offsets, *transitions, marginals, expected, totals)
    paths = np.empty(len(scores), np.int32)
    best_paths(scores, offsets, *transitions, paths)
    pairs = np.zeros((5, 5))
    for number, (begin, end) in enumerate(pairwise(offsets)):
        own = scores[begin:end].astype(float)
        assert totals[number] == pytest.approx(crf.log_partition(own, transitions), rel=1e-9)
        twin, of_pairs = crf.marginals(own, transitions)
        np.testing.assert_allclose(marginals[begin:end], twin, atol=1e-9)
        pairs += of_pairs
        assert paths[begin:end].tolist() == crf.viterbi(own, transitions).tolist()
    np.testing.assert_allclose(expected, pairs, atol=1e-8)


def test_no_forbidden_transition_has_a_probability():
    scores = np.array([[5, 0], [0, 5]], np.float32)
    transitions = Transitions(np.array([[0, FORBIDDEN], [0, 0]]), np.zeros(2), np.zeros(2))
    assert crf.viterbi(scores, transitions).tolist() != [0, 1]
    marginals, expected = np.empty((2, 2)), np.zeros((2, 2))
    expectations(scores, np.array([0, 2]), *transitions, marginals, expected, np.empty(1))
    assert expected[0, 1] == 0
    np.testing.assert_allclose(marginals.sum(axis=1), 1)


def test_the_gradients_are_finite_differences():
    lengths, tags = np.array([3, 1, 4]), np.array([0, 2, 1, 1, 2, 2, 0, 1])
    scores, transitions = drawn(lengths, 3, seed=4)
    _, of_scores, of_transitions = crf_gradients(scores, transitions, tags, lengths)
    named = {PAIRS: transitions.pairs, FIRST: transitions.first, LAST: transitions.last}
    step = 1e-3
    for values, gradient in [(scores, of_scores), *((named[name], of_transitions[name]) for name in named)]:
        for place in np.ndindex(values.shape):
            kept = values[place]
            values[place] = kept + step
            high, (above, *_) = float(values[place]), crf_gradients(scores, transitions, tags, lengths)
            values[place] = kept - step
            low, (below, *_) = float(values[place]), crf_gradients(scores, transitions, tags, lengths)
            values[place] = kept
            assert gradient[place] == pytest.approx((above - below) / (high - low), abs=1e-5)

"""Beam search against all sequences that there are."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.neural.beam_search import BeamSearch

END, SIZE, LONGEST = 0, 4, 4


class Chain:
    """A model whose probabilities depend on the last token and the number of tokens so far."""

    def __init__(self, seed):
        odds = np.random.default_rng(seed).gumbel(size=(LONGEST + 1, SIZE, SIZE)) * 2
        self.logs = odds - np.log(np.exp(odds).sum(axis=2, keepdims=True))

    def step(self, states, tokens):
        return self.logs[states[0], tokens], [states[0] + 1]

    def log_probability(self, first, tokens):
        before = [first, *tokens][: len(tokens)]
        return sum(
            self.logs[at, last, token] for at, (last, token) in enumerate(zip(before, tokens, strict=True))
        )

    def sequences(self, first):
        """All that end, with their log probabilities."""
        for length in range(LONGEST):
            for tokens in product(range(1, SIZE), repeat=length):
                yield tokens, self.log_probability(first, [*tokens, END])


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.7, 1.0]), st.integers(1, 4))
def test_a_beam_of_all_hypotheses_finds_the_best(seed, alpha, n_best):
    model, firsts = Chain(seed), [1, 3]
    search = BeamSearch(width=SIZE**LONGEST, length_normalization=alpha, n_best=n_best)
    found = search.search(model.step, [np.zeros(2, np.int64)], firsts, END, LONGEST)
    for first, own in zip(firsts, found, strict=True):
        ranked = sorted(
            ((total / (len(tokens) + 1) ** alpha, tokens) for tokens, total in model.sequences(first)),
            reverse=True,
        )[:n_best]
        assert [one.tokens for one in own] == [tokens for _, tokens in ranked]
        np.testing.assert_allclose([one.score for one in own], [score for score, _ in ranked])


@given(st.integers(0, 10**6))
def test_a_beam_of_one_is_greedy(seed):
    model, tokens, last = Chain(seed), [], 1
    for at in range(LONGEST):
        last = int(model.logs[at, last].argmax())
        tokens.append(last)
        if last == END:
            break
    [[found]] = BeamSearch(width=1).search(model.step, [np.zeros(1, np.int64)], [1], END, LONGEST)
    assert found.ended == (last == END)
    assert found.tokens == tuple(tokens[:-1] if found.ended else tokens)
    assert found.log_probability == pytest.approx(model.log_probability(1, tokens))


def test_searches_do_not_touch_one_another():
    model, search = Chain(7), BeamSearch(width=3, n_best=2)
    together = search.search(model.step, [np.zeros(3, np.int64)], [1, 2, 3], END, LONGEST)
    apart = [search.search(model.step, [np.zeros(1, np.int64)], [n], END, LONGEST)[0] for n in (1, 2, 3)]
    assert together == apart


def test_a_penalty_decides_between_what_ended():
    logs = np.log([[1.0, 1e-9, 1e-9], [0.6, 0.0001, 0.3999], [0.999, 0.0005, 0.0005]])

    def step(states, tokens):
        return logs[tokens], [tokens]  # the last token but the end

    plain = BeamSearch(width=3, length_normalization=0)
    fined = BeamSearch(width=3, length_normalization=0, penalty=lambda states: -9.0 * (states[0] == 1))
    assert plain.search(step, [np.zeros(1)], [1], END, LONGEST)[0][0].tokens == ()
    assert fined.search(step, [np.zeros(1)], [1], END, LONGEST)[0][0].tokens == (2,)


def test_what_never_ends_is_cut_off():
    step = lambda states, tokens: (np.tile([-np.inf, 0.0], (len(tokens), 1)), states)  # noqa: E731
    [[found]] = BeamSearch(width=2).search(step, [], [1], END, 5)
    assert found.tokens == (1,) * 5
    assert not found.ended

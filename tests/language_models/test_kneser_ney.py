"""Modified Kneser-Ney smoothing against the formula written out with dictionaries, and by hand."""

import math
from collections import Counter
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.language_models.kneser_ney import FALLBACK, discounts, kneser_ney
from embedkit.language_models.token_text import END, TokenText

SIZE = 6  # of the vocabulary: END, UNKNOWN and four tokens


def text_of(parts):
    """A text of parts, given as lists of numbers without their ends."""
    lines = [[*part, END] for part in parts]
    offsets = np.cumsum([0, *map(len, lines)])
    return TokenText(np.array([*chain(*lines)], np.int32), offsets.astype(np.int64))


class ByHand:
    """The same model, one n-gram at a time."""

    def __init__(self, parts, order):
        self.order = order
        grams = [Counter() for _ in range(order + 1)]
        for part in parts:
            line = ["<s>", *part, END]
            for length in range(1, order + 1):
                for at in range(len(line) - length + 1):
                    grams[length][tuple(line[at : at + length])] += 1
        del grams[1][("<s>",)]
        self.counts = [Counter(), *grams[1:]]
        for length in range(1, order):
            for gram in self.counts[length]:
                if gram[0] != "<s>":
                    before = {longer[0] for longer in grams[length + 1] if longer[1:] == gram}
                    self.counts[length][gram] = len(before)
        self.discounts = [(), *(self.discount(counts) for counts in self.counts[1:])]

    @staticmethod
    def discount(counts):
        of = Counter(counts.values())
        if not all(of[n] for n in (1, 2, 3, 4)):
            return FALLBACK
        share = of[1] / (of[1] + 2 * of[2])
        found = [n - (n + 1) * share * of[n + 1] / of[n] for n in (1, 2, 3)]
        return found if all(0 < value <= n for n, value in enumerate(found, 1)) else FALLBACK

    def probability(self, token, context):
        context = tuple(context[max(0, len(context) - self.order + 1) :])
        shorter = self.probability(token, context[1:]) if context else 1 / SIZE
        behind = {g: c for g, c in self.counts[len(context) + 1].items() if g[:-1] == context and c}
        total = sum(behind.values())
        if not total:
            return shorter
        taken = self.discounts[len(context) + 1]
        gamma = sum(taken[min(count, 3) - 1] for count in behind.values()) / total
        count = behind.get((*context, token), 0)
        own = count - taken[min(count, 3) - 1] if count else 0
        return own / total + gamma * shorter


PARTS = [[2, 3, 4], [2, 3, 2, 3, 5], [4, 4], [3], [2, 3, 4, 2], [5, 2, 3, 3, 3, 3]]
UNSEEN = [[4, 5, 2, 3], [1, 2], [], [3, 3, 3, 3, 3]]


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_probabilities_are_those_of_the_formula(order):
    model, other = kneser_ney(text_of(PARTS), SIZE, order), ByHand(PARTS, order)
    wanted = [
        math.log(other.probability(token, ["<s>", *part][: at + 1]))
        for part in UNSEEN
        for at, token in enumerate([*part, END])
    ]
    np.testing.assert_allclose(model.log_probabilities(text_of(UNSEEN)), wanted, rtol=1e-5)


@given(
    st.lists(st.lists(st.integers(2, SIZE - 1), max_size=6), min_size=1, max_size=8),
    st.integers(1, 4),
    st.lists(st.integers(0, SIZE - 1), max_size=4),
)
def test_probabilities_behind_any_context_add_up_to_one(parts, order, context):
    model = kneser_ney(text_of(parts), SIZE, order)
    probabilities = model.following(np.array([[END, *context]]))
    assert probabilities.min() > 0
    assert probabilities.sum() == pytest.approx(1, abs=1e-6)


def test_text_and_single_steps_have_the_same_probabilities():
    model = kneser_ney(text_of(PARTS), SIZE, 3)
    states, last, found = model.begin(1), END, []
    for token in [4, 2, 3, 1, END]:
        logs, states = model.step(states, np.array([last]))
        found.append(logs[0, token])
        last = token
    np.testing.assert_allclose(model.log_probabilities(text_of([[4, 2, 3, 1]])), found, rtol=1e-9)


def test_a_text_of_many_lines_has_contexts_beyond_the_line():
    lines = text_of([[2], [3], [2], [3], [2], [3]])
    whole = TokenText(lines.ids, np.array([0, len(lines)]))
    apart, joined = (kneser_ney(text, SIZE, 3).following(np.array([[2, END]]))[0] for text in (lines, whole))
    assert joined[3] > 1.5 * apart[3]


def test_discounts_where_counts_are_too_few_or_too_strange():
    assert discounts(np.array([1, 1, 2])).tolist() == list(FALLBACK)
    assert discounts(np.array([1] * 9 + [2] + [3] * 9 + [4])).tolist() == list(FALLBACK)

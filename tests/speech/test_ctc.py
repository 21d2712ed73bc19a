from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import InputError
from embedkit.speech.ctc import BLANK, aligned, frames_needed, greedy, log_softmax
from embedkit.speech.prefix_beam import prefix_beam_search
from embedkit.speech.spotting import hits, word_scores


def spelled(way):
    """What a way through the frames spells."""
    return tuple(label for label, _ in groupby(way) if label != BLANK)


def totals(log_probabilities):
    """The probability of each labeling, summed over all ways one by one."""
    frames, labels = log_probabilities.shape
    sums = {}
    for way in product(range(labels), repeat=frames):
        odds = np.exp(sum(log_probabilities[time, label] for time, label in enumerate(way)))
        sums[spelled(way)] = sums.get(spelled(way), 0) + odds
    return sums


def random_odds(seed, frames=5, labels=3):
    generator = np.random.default_rng(seed)
    return log_softmax((2 * generator.standard_normal((frames, labels))).astype(np.float32))


@pytest.mark.parametrize("seed", range(5))
def test_a_wide_beam_finds_the_best_labels_and_their_probability(seed):
    odds = random_odds(seed)
    sums = totals(odds)
    best = max(sums, key=sums.get)
    found = prefix_beam_search(odds, width=1000)
    assert found[0].labels == best
    assert {one.labels: np.exp(one.log_probability) for one in found} == pytest.approx(sums, rel=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_a_language_model_is_added_for_each_label(seed):
    """The best by the sum of log probabilities, found by trying out all."""
    odds = random_odds(seed)
    prior = np.log([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]])  # behind nothing, 1 and 2: labels 1 and 2

    def model(before, label):
        return prior[before[-1] if before else 0, label - 1]

    def score(labels):
        told = sum(model(labels[:place], label) for place, label in enumerate(labels))
        return np.log(totals(odds)[labels]) + 0.7 * told + 0.4 * len(labels)

    found = prefix_beam_search(odds, width=1000, language_model=model, weight=0.7, bonus=0.4)
    assert found[0].labels == max(totals(odds), key=score)
    assert found[0].score == pytest.approx(score(found[0].labels), rel=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_the_end_counts_once_all_frames_are_read(seed):
    odds = random_odds(seed)

    def ending(labels):
        return -3.0 * (len(labels) % 2)

    def score(labels):
        return np.log(totals(odds)[labels]) + 0.5 * ending(labels)

    found = prefix_beam_search(odds, width=1000, ending=ending, weight=0.5)
    assert found[0].labels == max(totals(odds), key=score)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert found[0].score == pytest.approx(score(found[0].labels), rel=1e-4)


def test_greedy_takes_repeated_labels_once():
    odds = np.full((7, 3), -5.0)
    for time, label in enumerate([1, 1, 0, 1, 2, 2, 0]):
        odds[time, label] = -0.1
    assert [(one.label, one.begin, one.end) for one in greedy(odds)] == [(1, 0, 2), (1, 3, 4), (2, 4, 6)]
    assert greedy(np.zeros((0, 3))) == []


@given(st.lists(st.integers(1, 2), max_size=3), st.integers(0, 20))
def test_an_alignment_is_the_likeliest_way(labels, seed):
    odds = random_odds(seed)
    if frames_needed(labels) > len(odds):
        with pytest.raises(InputError, match=f"expected at least {frames_needed(labels)} frames"):
            aligned(odds, labels)
        return
    ways = [way for way in product(range(3), repeat=5) if spelled(way) == tuple(labels)]
    best = max(ways, key=lambda way: sum(odds[time, label] for time, label in enumerate(way)))
    runs, at = [], 0
    for label, run in groupby(best):
        length = len(list(run))
        runs += [(label, at, at + length)] if label else []
        at += length
    assert [(one.label, one.begin, one.end) for one in aligned(odds, labels)] == runs


def test_frames_needed_is_the_shortest_way():
    assert [frames_needed(labels) for labels in ([], [1], [1, 1], [1, 2, 2, 2])] == [0, 1, 3, 6]


@pytest.mark.parametrize("labels", [[1], [1, 2], [1, 1], [2, 1, 2]])
@pytest.mark.parametrize("seed", range(3))
def test_the_score_of_a_word_is_that_of_its_best_way(labels, seed):
    """All ways that begin and end with a label of the word, through any frames up to each."""
    odds = random_odds(seed)
    lacking = odds - odds.max(axis=1, keepdims=True)
    scores, begins = word_scores(odds, labels)
    for end in range(len(odds)):
        ways = {
            (begin, way): sum(lacking[begin + step, label] for step, label in enumerate(way))
            for begin in range(end + 1)
            for way in product(range(3), repeat=end + 1 - begin)
            if spelled(way) == tuple(labels) and way[0] and way[-1]
        }
        best = max(ways.values(), default=-np.inf)
        assert scores[end] == pytest.approx(best, abs=1e-5)
        if ways:
            kept = [way for (begin, way) in ways if begin == begins[end]]
            assert max(ways[begins[end], way] for way in kept) == pytest.approx(best, abs=1e-5)


def test_hits_are_the_words_of_greedy_decoding():
    odds = np.full((9, 4), -4.0)
    for time, label in enumerate([0, 1, 0, 2, 0, 3, 1, 2, 0]):
        odds[time, label] = -0.05
    assert [(hit.begin, hit.end, hit.confidence) for hit in hits(odds, [1, 2], 0.5)] == [(1, 4, 1), (6, 8, 1)]
    assert hits(odds, [2, 3, 3], 0.5) == []


def test_a_label_that_lasts_is_one_hit():
    odds = np.log([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.45, 0.55], [0.6, 0.4], [0.9, 0.1]])
    assert [hit[:2] for hit in hits(odds, [1], 0.5)] == [(1, 5)]


@pytest.mark.parametrize("width", [0, -1, 2.5, True])
def test_a_beam_is_a_whole_number(width):
    with pytest.raises(InputError, match="width"):
        prefix_beam_search(random_odds(1), width=width)

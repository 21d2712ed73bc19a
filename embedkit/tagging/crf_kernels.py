"""Compiled forward, backward and Viterbi algorithms: the fast twin of `embedkit.tagging.crf`.

Many sentences at once, one behind the other: `scores` float32 (N, K) of all tokens, `offsets` int64 (n + 1,),
sentence i has the tokens from `offsets[i]` to before `offsets[i + 1]`, at least one. Instead of logarithms,
sums are scaled to 1 at each token (Rabiner 1989, section V.A), which costs one exponential a score.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from embedkit.simd.compiling import compiled


@compiled(nogil=True, error_model="numpy")
def expectations(
    scores: Any, offsets: Any, pairs: Any, first: Any, last: Any, marginals: Any, expected: Any, totals: Any
) -> None:
    """The forward-backward algorithm.

    Args:
        scores: of tags.
        offsets: of sentences.
        pairs: float64 (K, K), scores of transitions, row before column.
        first: float64 (K,), of the first tag.
        last: float64 (K,), of the last.
        marginals: float64 (N, K), gets the probability of each tag.
        expected: float64 (K, K), to which the expected number of each transition is added.
        totals: float64 (n,), gets the logarithm of the sum of exp(score) over all paths.
    """
    odds, highest = _odds(pairs.reshape(-1))
    odds = odds.reshape(pairs.shape)
    begin, highest_first = _odds(first)
    end, highest_last = _odds(last)
    for sentence in range(len(offsets) - 1):
        own = slice(offsets[sentence], offsets[sentence + 1])
        steps = offsets[sentence + 1] - offsets[sentence]
        given, before, scales = np.empty((steps, len(odds))), marginals[own], np.empty(steps)
        total = _forward(scores[own], odds, begin, given, before, scales)
        scale = _backward(given, before, scales, odds, end, expected)
        totals[sentence] = total + np.log(scale) + highest_first + highest_last + (steps - 1) * highest


@njit(error_model="numpy")
def _odds(scores: Any) -> Any:
    """Their exponentials over that of the highest score, which is given too."""
    highest, odds = scores[0], np.empty(len(scores))
    for score in scores:
        highest = max(highest, score)
    for number in range(len(scores)):
        odds[number] = np.exp(scores[number] - highest)
    return odds, highest


@njit(inline="always", error_model="numpy")
def _forward(scores: Any, odds: Any, begin: Any, given: Any, before: Any, scales: Any) -> Any:
    """Fill the odds of the tags, the scaled sums (T, K) over beginnings, and their scales; gives the log."""
    steps, tags = scores.shape
    total = 0.0
    for step in range(steps):
        highest, scale = scores[step, 0], 0.0
        for tag in range(1, tags):
            highest = max(highest, scores[step, tag])
        for tag in range(tags):
            before[step, tag] = begin[tag] if step == 0 else 0.0
            given[step, tag] = np.exp(np.float64(scores[step, tag]) - highest)
        if step:
            for i in range(tags):
                for j in range(tags):
                    before[step, j] += before[step - 1, i] * odds[i, j]
        for tag in range(tags):
            before[step, tag] *= given[step, tag]
            scale += before[step, tag]
        for tag in range(tags):
            before[step, tag] /= scale
        scales[step] = scale
        total += highest + np.log(scale)
    return total


@njit(inline="always", error_model="numpy")
def _backward(given: Any, marginals: Any, scales: Any, odds: Any, end: Any, expected: Any) -> Any:
    """Turn the sums over beginnings into probabilities, from the last token to the first.

    Gives the scale of the sums over endings.
    """
    steps, tags = given.shape
    behind, joined = np.empty(tags), np.empty(tags)
    scale = 0.0
    for tag in range(tags):
        scale += marginals[steps - 1, tag] * end[tag]
    for tag in range(tags):
        behind[tag] = end[tag] / scale
    for step in range(steps - 1, 0, -1):
        for tag in range(tags):
            marginals[step, tag] *= behind[tag]
            joined[tag] = given[step, tag] * behind[tag] / scales[step]
        for i in range(tags):
            behind[i] = 0.0
            for j in range(tags):
                way = odds[i, j] * joined[j]
                behind[i] += way
                expected[i, j] += marginals[step - 1, i] * way
    for tag in range(tags):
        marginals[0, tag] *= behind[tag]
    return scale


@compiled(nogil=True, error_model="numpy")
def best_paths(scores: Any, offsets: Any, pairs: Any, first: Any, last: Any, paths: Any) -> None:
    """The Viterbi algorithm: `paths`, int32 (N,), gets the tags of the best path of each sentence."""
    for sentence in range(len(offsets) - 1):
        own = slice(offsets[sentence], offsets[sentence + 1])
        _best_path(scores[own], pairs, first, last, paths[own])


@njit(inline="always", error_model="numpy")
def _best_path(scores: Any, pairs: Any, first: Any, last: Any, path: Any) -> None:
    steps, tags = scores.shape
    pointers = np.empty((steps, tags), np.int32)
    best, after = np.empty(tags), np.empty(tags)
    for tag in range(tags):
        best[tag] = first[tag] + scores[0, tag]
    for step in range(1, steps):
        for j in range(tags):
            chosen, highest = 0, best[0] + pairs[0, j]
            for i in range(1, tags):
                candidate = best[i] + pairs[i, j]
                if candidate > highest:
                    chosen, highest = i, candidate
            pointers[step, j] = chosen
            after[j] = highest + scores[step, j]
        best, after = after, best
    tag = 0
    for other in range(1, tags):
        if best[other] + last[other] > best[tag] + last[tag]:
            tag = other
    path[steps - 1] = tag
    for step in range(steps - 1, 0, -1):
        tag = pointers[step, tag]
        path[step - 1] = tag

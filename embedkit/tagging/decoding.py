"""The best path and the probabilities of tags of many sentences: by compiled code, or of few by its twin."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from embedkit.arrays import Doubles2d, Floats2d, Ints1d
from embedkit.tagging import crf
from embedkit.tagging.crf import FORBIDDEN, Transitions
from embedkit.tagging.weights import FIRST, LAST, PAIRS, TaggerWeights
from embedkit.text.sequences.sequences import offsets_of


def transitions_of(weights: TaggerWeights, allowed: Transitions) -> Transitions:
    """The transitions that the weights have learnt, and those that are forbidden."""
    learnt = weights[PAIRS], weights[FIRST], weights[LAST]
    return Transitions(
        *(
            np.where(mask == 0, score.astype(np.float64), FORBIDDEN)
            for score, mask in zip(learnt, allowed, strict=True)
        )
    )


def best_tags(
    scores: Floats2d, weights: TaggerWeights, allowed: Transitions, lengths: Sequence[int], compiled: bool
) -> Ints1d:
    """The best path of each sentence, int32 (N,), of the scores (N, K) of tags."""
    transitions, lengths = transitions_of(weights, allowed), [length for length in lengths if length]
    if not compiled:
        parts = np.split(scores.astype(np.float64), np.cumsum(lengths)[:-1]) if lengths else []
        return np.concatenate([np.zeros(0, np.int32), *(crf.viterbi(part, transitions) for part in parts)])
    from embedkit.tagging.crf_kernels import best_paths

    paths = np.empty(len(scores), np.int32)
    best_paths(scores, offsets_of(np.array(lengths)), *transitions, paths)
    return paths


def tag_probabilities(
    scores: Floats2d, weights: TaggerWeights, allowed: Transitions, lengths: Sequence[int], compiled: bool
) -> Doubles2d:
    """The probability of each tag of each token, float64 (N, K)."""
    transitions, lengths = transitions_of(weights, allowed), [length for length in lengths if length]
    marginals = np.zeros(scores.shape)
    if not compiled:
        offsets = offsets_of(np.array(lengths, np.int64))
        for begin, end in itertools.pairwise(offsets):
            marginals[begin:end] = crf.marginals(scores[begin:end].astype(np.float64), transitions)[0]
        return marginals
    from embedkit.tagging.crf_kernels import expectations

    count, totals = scores.shape[1], np.empty(len(lengths))
    expectations(
        scores, offsets_of(np.array(lengths)), *transitions, marginals, np.zeros((count, count)), totals
    )
    return marginals

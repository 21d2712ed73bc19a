"""The best path and the probabilities of tags of many sentences: by compiled code, or of few by its twin."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Doubles2d, Floats2d, Ints1d, Longs1d
from embedkit.tagging import crf
from embedkit.tagging.crf import FORBIDDEN, Transitions
from embedkit.tagging.weights import FIRST, LAST, PAIRS, TaggerWeights
from embedkit.text.sequences.sequences import offsets_of


def transitions_of(weights: TaggerWeights, allowed: Transitions) -> Transitions:
    """The transitions that the weights have learned, and those that are forbidden."""
    learned = weights[PAIRS], weights[FIRST], weights[LAST]
    return Transitions(
        *(
            np.where(mask == 0, score.astype(np.float64), FORBIDDEN)
            for score, mask in zip(learned, allowed, strict=True)
        )
    )


def best_tags(scores: Floats2d, lengths: Longs1d, transitions: Transitions, compiled: bool) -> list[Ints1d]:
    """The best path of each sentence, int32 (T,).

    Args:
        scores: of the tags of all tokens, sentence by sentence, float32 (N, K).
        lengths: the number of tokens of each sentence, (n,); it may be 0.
        transitions: from tag to tag.
        compiled: by compiled code.
    """
    ends = np.cumsum(lengths)
    if not compiled:
        return [crf.viterbi(own, transitions) for own in np.split(scores.astype(np.float64), ends[:-1])]
    from embedkit.tagging.crf_kernels import best_paths

    paths = np.empty(len(scores), np.int32)
    best_paths(scores, offsets_of(lengths[lengths > 0]), *transitions, paths)
    return np.split(paths, ends[:-1])


def tag_probabilities(
    scores: Floats2d, lengths: Longs1d, transitions: Transitions, compiled: bool
) -> list[Doubles2d]:
    """The probability of each tag of each token of the same, float64 (T, K)."""
    ends = np.cumsum(lengths)
    if not compiled:
        parts = np.split(scores.astype(np.float64), ends[:-1])
        return [crf.marginals(own, transitions)[0] for own in parts]
    from embedkit.tagging.crf_kernels import expectations

    offsets, count = offsets_of(lengths[lengths > 0]), scores.shape[1]
    marginals, expected = np.empty(scores.shape), np.zeros((count, count))
    expectations(scores, offsets, *transitions, marginals, expected, np.empty(len(offsets) - 1))
    return np.split(marginals, ends[:-1])


def tags_with_probabilities(
    scores: Floats2d, lengths: Longs1d, transitions: Transitions, compiled: bool
) -> list[tuple[Ints1d, Doubles2d]]:
    """Both of the same."""
    given = scores, lengths, transitions, compiled
    return list(zip(best_tags(*given), tag_probabilities(*given), strict=True))

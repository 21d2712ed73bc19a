"""A linear-chain conditional random field (Lafferty et al. 2001) in numpy: the readable twin of the kernels.

A path is a tag for each of T tokens. Its score is the sum of the scores of its tags, of the transitions
between them, and of its first and its last tag (Lample et al. 2016, equation 1); its probability is
proportional to the exponential of that. Everything here is in logarithms, one sentence at a time.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Doubles1d, Doubles2d

FORBIDDEN = -1e4  # the score of a transition that may not be; its probability is 0


class Transitions(NamedTuple):
    """Scores of transitions.

    Args:
        pairs: (K, K), of a tag (column) behind another (row).
        first: (K,), of a tag at the beginning of a sentence.
        last: (K,), at its end.
    """

    pairs: Doubles2d
    first: Doubles1d
    last: Doubles1d


def path_score(scores: Doubles2d, transitions: Transitions, path: NDArray[np.integer]) -> float:
    """The score of a path (T,), given those of tags (T, K)."""
    pairs, first, last = transitions
    inner = scores[np.arange(len(path)), path].sum() + pairs[path[:-1], path[1:]].sum()
    return float(inner + first[path[0]] + last[path[-1]])


def forward(scores: Doubles2d, transitions: Transitions) -> Doubles2d:
    """The logarithm of the sum over all beginnings that end with a tag, of exp(score), (T, K)."""
    sums = np.empty_like(scores)
    sums[0] = transitions.first + scores[0]
    for step in range(1, len(scores)):
        sums[step] = np.logaddexp.reduce(sums[step - 1][:, None] + transitions.pairs, axis=0) + scores[step]
    return sums


def backward(scores: Doubles2d, transitions: Transitions) -> Doubles2d:
    """The same of all ends behind a tag, without the score of the tag itself, (T, K)."""
    sums = np.empty_like(scores)
    sums[-1] = transitions.last
    for step in range(len(scores) - 2, -1, -1):
        sums[step] = np.logaddexp.reduce(transitions.pairs + scores[step + 1] + sums[step + 1], axis=1)
    return sums


def log_partition(scores: Doubles2d, transitions: Transitions) -> float:
    """The logarithm of the sum of exp(score) over all paths.

    Example:
        >>> import numpy as np
        >>> from embedkit.tagging.crf import Transitions, log_partition
        >>> nothing = Transitions(np.zeros((3, 3)), np.zeros(3), np.zeros(3))
        >>> round(np.exp(log_partition(np.zeros((2, 3)), nothing)))  # paths of two tokens and three tags
        9
    """
    return float(np.logaddexp.reduce(forward(scores, transitions)[-1] + transitions.last))


def marginals(scores: Doubles2d, transitions: Transitions) -> tuple[Doubles2d, Doubles2d]:
    """The probability of each tag of each token (T, K), and the expected number of each transition (K, K)."""
    if not len(scores):
        return scores, np.zeros_like(transitions.pairs)
    before, behind = forward(scores, transitions), backward(scores, transitions)
    total = np.logaddexp.reduce(before[-1] + transitions.last)
    expected = np.zeros_like(transitions.pairs)
    for step in range(1, len(scores)):
        inner = before[step - 1][:, None] + transitions.pairs + scores[step] + behind[step]
        expected += np.exp(inner - total)
    return np.exp(before + behind - total), expected


def viterbi(scores: Doubles2d, transitions: Transitions) -> NDArray[np.int32]:
    """The path of the highest score (T,) (Viterbi 1967); the lower tag if two are equal."""
    if not len(scores):
        return np.zeros(0, np.int32)
    best = transitions.first + scores[0]
    pointers = []
    for row in scores[1:]:
        candidates = best[:, None] + transitions.pairs
        pointers.append(candidates.argmax(axis=0))
        best = candidates.max(axis=0) + row
    path = [int((best + transitions.last).argmax())]
    for pointer in reversed(pointers):
        path.append(int(pointer[path[-1]]))
    return np.array(path[::-1], np.int32)

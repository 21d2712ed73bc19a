"""Connectionist temporal classification (Graves et al. 2006): what a label needs, and greedy decoding.

A network gives scores of a blank and of each label at every frame. A way through the frames spells the labels
along it, taken once where they repeat, and the blanks left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from embedkit.arrays import Floats2d
from embedkit.errors import InputError

BLANK = 0  # the number of the blank; labels begin at 1


class Spoken(NamedTuple):
    """A label that was recognized.

    Args:
        label: its number.
        begin: the first of its frames.
        end: the first frame behind it.
        probability: of the label in the most certain of these frames.
    """

    label: int
    begin: int
    end: int
    probability: float


def frames_needed(labels: Sequence[int]) -> int:
    """The fewest frames that spell these labels: one each, and a blank between equal ones.

    Example:
        >>> from embedkit.speech.ctc import frames_needed
        >>> frames_needed([3, 3, 5])
        4
    """
    return len(labels) + sum(one == other for one, other in pairwise(labels))


def log_softmax(scores: Floats2d) -> Floats2d:
    """The logarithms of the probabilities of labels at each frame, float32 (T, L)."""
    shifted: Floats2d = scores - scores.max(axis=1, keepdims=True)
    shifted -= np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shifted


def greedy(log_probabilities: Floats2d) -> list[Spoken]:
    """The labels of the likeliest way: the best label of each frame.

    Args:
        log_probabilities: float32 (T, L), of the blank and the labels.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.ctc import greedy
        >>> odds = np.array([[0.1, 0.9], [0.2, 0.8], [0.9, 0.1], [0.3, 0.7]])
        >>> [(spoken.label, spoken.begin, spoken.end) for spoken in greedy(np.log(odds))]
        [(1, 0, 2), (1, 3, 4)]
    """
    best = log_probabilities.argmax(axis=1)
    changes = np.flatnonzero(np.diff(best, prepend=-1, append=-1))
    spans = zip(changes[:-1].tolist(), changes[1:].tolist(), strict=True) if len(best) else ()
    return [
        Spoken(int(best[begin]), begin, end, float(np.exp(log_probabilities[begin:end, best[begin]].max())))
        for begin, end in spans
        if best[begin] != BLANK
    ]


def aligned(log_probabilities: Floats2d, labels: Sequence[int]) -> list[Spoken]:
    """Where given labels stand, by the likeliest way that spells them (Viterbi's algorithm).

    Args:
        log_probabilities: float32 (T, L), of at least as many frames as `frames_needed` says.
        labels: to be found, in order.

    Raises:
        InputError: fewer frames.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.ctc import aligned
        >>> odds = np.array([[0.6, 0.4], [0.2, 0.8], [0.1, 0.9], [0.9, 0.1]])
        >>> [(spoken.begin, spoken.end) for spoken in aligned(np.log(odds), [1])]
        [(1, 3)]
    """
    check_frames(len(log_probabilities), labels)
    if not labels:
        return []
    states = [BLANK, *(state for label in labels for state in (label, BLANK))]
    odd = np.arange(len(states)) % 2 == 1
    other = [one != before for one, before in zip(states[2:], states, strict=False)]
    skips = odd & np.array([False, False, *other])
    frames = log_probabilities[:, states].astype(np.float64)
    back = np.zeros(frames.shape, np.int8)  # how many states a way came forward to reach one
    best = np.full(len(states), -np.inf)
    best[:2] = frames[0, :2]
    for time, frame in enumerate(frames[1:], 1):
        from_before = np.concatenate([[-np.inf], best[:-1]])
        from_skipped = np.where(skips, np.concatenate([[-np.inf, -np.inf], best[:-2]]), -np.inf)
        froms = np.stack([best, from_before, from_skipped])
        back[time] = froms.argmax(axis=0)
        best = froms.max(axis=0) + frame
    return _spans(log_probabilities, labels, _way(back, len(states) - 1 - int(best[-2] > best[-1])))


def _way(back: NDArray[np.int8], state: int) -> list[int]:
    """The state at each frame of the way that ends in a state."""
    way = [state]
    for steps in back[:0:-1]:
        way.append(way[-1] - int(steps[way[-1]]))
    return way[::-1]


def _spans(log_probabilities: Floats2d, labels: Sequence[int], way: Sequence[int]) -> list[Spoken]:
    """The frames of each label: odd states are labels, in order."""
    states = np.array(way)
    spans = [np.flatnonzero(states == 2 * place + 1)[[0, -1]].tolist() for place in range(len(labels))]
    return [
        Spoken(label, begin, end + 1, float(np.exp(log_probabilities[begin : end + 1, label].max())))
        for label, (begin, end) in zip(labels, spans, strict=True)
    ]


def check_frames(frames: int, labels: Sequence[int], name: str = "") -> None:
    """Raise `InputError` for labels that so many frames cannot spell; `name` tells of which recording."""
    if frames < (needed := frames_needed(labels)):
        raise InputError(
            f"{name}expected at least {needed} frames for {len(labels)} labels, one each and a blank between "
            f"equal ones, got {frames}; lower hop or the strides of layers, take words as units, or "
            "leave the recording out if it is cut off"
        )

"""Words found in recordings: where the labels of a word are about as likely as the best way of all.

Every frame gives each label the log probability that it lacks to the best one, at most 0. The best way
through the labels of a word, blanks between them, that begins and ends anywhere, is found by Viterbi's
algorithm; a hit is where the mean of these per label is high. A way of all is 1, if greedy decoding spells
the word there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from embedkit.arrays import Doubles1d, Floats2d, Longs1d
from embedkit.speech.ctc import BLANK

NEVER = -np.inf


class Hit(NamedTuple):
    """Where a word was found.

    Args:
        begin: its first frame.
        end: the first frame behind it.
        confidence: from 0 to 1; 1 where the likeliest labels are those of the word.
    """

    begin: int
    end: int
    confidence: float


def hits(log_probabilities: Floats2d, labels: Sequence[int], threshold: float) -> list[Hit]:
    """Where labels are spelled, in order, without overlap.

    Args:
        log_probabilities: float32 (T, L), of the blank and the labels at each frame.
        labels: of the word, at least one.
        threshold: the least confidence.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.spotting import hits
        >>> odds = np.array([[0.9, 0.1], [0.2, 0.8], [0.9, 0.1], [0.6, 0.4], [0.9, 0.1]])
        >>> [(hit.begin, hit.end, round(hit.confidence, 2)) for hit in hits(np.log(odds), [1], 0.5)]
        [(1, 2, 1.0), (3, 4, 0.67)]
    """
    scores, begins = word_scores(log_probabilities, labels)
    confidences = np.exp(scores / len(labels))
    found: list[Hit] = []
    for end in np.argsort(-confidences, kind="stable").tolist():
        if confidences[end] < threshold:
            break
        hit = Hit(int(begins[end]), end + 1, float(confidences[end]))
        same = [place for place, other in enumerate(found) if _meet(hit, other, len(labels))]
        if same:
            best = found[same[0]]
            found[same[0]] = Hit(min(best.begin, hit.begin), max(best.end, hit.end), best.confidence)
        elif all(hit.end <= other.begin or other.end <= hit.begin for other in found):
            found.append(hit)
    return sorted(found)


def _meet(hit: Hit, other: Hit, labels: int) -> bool:
    """Whether two hits are one: of a word whose last label lasts, or of a single label that lasts."""
    touching = hit.begin <= other.end and other.begin <= hit.end
    return hit.begin == other.begin or (labels == 1 and touching)


def word_scores(log_probabilities: Floats2d, labels: Sequence[int]) -> tuple[Doubles1d, Longs1d]:
    """The score of the best way that ends a word at each frame, float64 (T,), and the frame it began at."""
    frames = np.asarray(log_probabilities, np.float64)
    lacking = frames - frames.max(axis=1, keepdims=True)
    states = state_labels(labels)
    skips = [index >= 2 and states[index] not in (BLANK, states[index - 2]) for index in range(len(states))]
    best: Doubles1d = np.full(len(states), NEVER)
    began = np.zeros(len(states), np.int64)
    scores, begins = np.empty(len(frames)), np.zeros(len(frames), np.int64)
    for time, frame in enumerate(lacking):
        best, began = _step(best, began, frame[states], skips, time)
        scores[time], begins[time] = best[-1], began[-1]
    return scores, begins


def state_labels(labels: Sequence[int]) -> list[int]:
    """The labels of a word with blanks between them."""
    return [label for one in labels for label in (BLANK, one)][1:]


def _step(
    best: Doubles1d, began: Longs1d, frame: Doubles1d, skips: Sequence[bool], time: int
) -> tuple[Doubles1d, Longs1d]:
    """The scores of ways that stand at each state, and their beginnings, a frame later."""
    before = np.concatenate([[0.0], best[:-1]])  # a word may begin at any frame
    froms = np.stack([best, before, np.where(skips, np.roll(best, 2), NEVER)])
    starts = np.stack([began, np.concatenate([[time], began[:-1]]), np.roll(began, 2)])
    chosen = froms.argmax(axis=0)
    every = np.arange(len(best))
    return froms[chosen, every] + frame, starts[chosen, every]

"""Macro-F1 with a confidence interval.

Its variance over samples of texts is that of the delta method, as in Takahashi et al. (2022), "Confidence
interval for micro-averaged F1 and macro-averaged F1 scores", Applied Intelligence 52, here for several labels
a text too. Their interval is symmetric, and of length 0 if all answers are right; this one is Wilson's for as
many right-or-wrong items as have that variance.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bools2d
from embedkit.statistics.intervals import CONFIDENCE, Estimate, quantile
from embedkit.statistics.shares import PRIOR, score_interval


def macro_f1(truth: Bools2d, predicted: Bools2d, confidence: float = CONFIDENCE) -> Estimate:
    """The mean of F1 over the classes that any text is of or is said to be.

    A class of few texts, all of them right or all wrong, tells little of how much its F1 varies: the variance
    is drawn towards that of Bernoulli trials, with the weight of `PRIOR` items a class (see `graded` in
    `embedkit.statistics.shares`). The tests simulate its coverage. It falls short of what it promises where
    samples lack whole classes, which no sample can tell.

    Args:
        truth: which classes each of n texts is of, (n, K).
        predicted: which it is said to be of, (n, K).
        confidence: of the interval.

    Returns:
        No value if there is no such class.
    """
    texts, z = len(truth), quantile(confidence)
    decisions = (truth.sum(axis=0) + predicted.sum(axis=0)) / 2
    classes = np.flatnonzero(decisions)
    if not len(classes):
        return Estimate(None, None)
    decisions = decisions[classes]  # of each class half of what F1 divides by: its size, if all is right
    scores = (truth & predicted).sum(axis=0)[classes] / decisions
    mean = float(scores.mean())
    influence = np.zeros(texts)  # what each text adds to the mean, times n, to first order
    for number, score, size in zip(classes.tolist(), scores, decisions, strict=True):
        actual, said = truth[:, number], predicted[:, number]
        influence += ((actual & said) - score * (0.5 * actual + 0.5 * said)) * (texts / size / len(classes))
    sizes = np.maximum(decisions, 1)
    middle = (scores + z * z / (2 * sizes)) / (1 + z * z / sizes)  # of Wilson's interval of each class
    trials = (texts / sizes).sum() / len(classes) ** 2  # dispersion if each class were Bernoulli trials
    prior = PRIOR * (middle * (1 - middle) * (texts / sizes) ** 2).sum() / len(classes) ** 2
    spread = float((influence**2).sum())
    dispersion = float((spread + prior) / (texts * mean * (1 - mean) + prior / trials))
    return Estimate(mean, score_interval(mean, texts / dispersion, confidence))

"""Features without what a microphone and its distance add to them."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d

LOUD = 95  # percent of the frames are softer than what is called loud
SOFT = 3.0  # below it, in natural logarithms of energy: 13 decibels


def normalized(features: Floats2d) -> Floats2d:
    """Log-mel features (T, B) less the mean of each band over the loud frames.

    Pauses do not count, so that a word gives about the same alone and among others.
    """
    energies = features.mean(axis=1)
    loud = energies >= np.percentile(energies, LOUD) - SOFT
    normal: Floats2d = features - features[loud].mean(axis=0)
    return normal

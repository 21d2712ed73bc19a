"""Recordings at one loudness, whatever the distance of the microphone, and of each speaker."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats1d

PEAK = 0.5  # the highest sample
AROUND = 0.5  # seconds before and behind a sample within which the loudest counts
SOFTEST = 0.03  # of the highest of all: 30 decibels; what is softer stays so
STEPS = 100  # places a second at which loudness is looked at


def at_one_loudness(samples: Floats1d) -> Floats1d:
    """Samples whose highest is `PEAK`; silence stays silence.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.normalization import at_one_loudness
        >>> at_one_loudness(np.array([0.01, -0.02], np.float32)).tolist()
        [0.25, -0.5]
    """
    highest = float(np.abs(samples).max(initial=0))
    return samples * np.float32(PEAK / highest) if highest else samples


def evened(samples: Floats1d, rate: int) -> Floats1d:
    """Samples of which the loudest within `AROUND` is `PEAK`, so that soft voices count as much as loud ones.

    Args:
        samples: float32 (n,).
        rate: samples per second.

    Example:
        >>> import numpy as np
        >>> from embedkit.speech.normalization import evened
        >>> soft_and_loud = np.repeat(np.array([0.05, 0.5], np.float32), 8000)
        >>> evened(soft_and_loud, 1000)[[0, 4000, 15000]].round(3).tolist()
        [0.5, 0.5, 0.5]
    """
    from scipy.ndimage import maximum_filter1d

    step = max(1, rate // STEPS)
    levels = np.maximum.reduceat(np.abs(samples), np.arange(0, len(samples), step))
    if not (highest := levels.max()):
        return samples
    width = 2 * int(AROUND * rate / step) + 1
    around = np.maximum(maximum_filter1d(levels, width), SOFTEST * highest)
    gains = np.interp(np.arange(len(samples)), np.arange(len(levels)) * step, PEAK / around)
    made: Floats1d = samples * gains.astype(np.float32)
    return made

"""Recordings at one loudness, whatever the distance of the microphone."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats1d

PEAK = 0.5  # the highest sample


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

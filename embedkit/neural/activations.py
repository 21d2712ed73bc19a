"""The logistic function in numpy; the hyperbolic tangent is numpy's own."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import FloatArray


def sigmoid(values: FloatArray) -> FloatArray:
    """1 / (1 + exp(-x)), by the hyperbolic tangent, which does not overflow.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.activations import sigmoid
        >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    halves: FloatArray = values * np.float32(0.5)
    np.tanh(halves, out=halves)
    halves += 1
    halves *= np.float32(0.5)
    return halves

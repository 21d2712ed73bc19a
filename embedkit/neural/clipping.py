"""Gradients made smaller, in place, where they explode (Pascanu et al. 2013)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from embedkit.arrays import FloatArray


def clip_by_value(gradients: Mapping[str, FloatArray], limit: float) -> None:
    """Each number to within -limit and limit (Graves 2013, section 2.1).

    Example:
        >>> import numpy as np
        >>> from embedkit import clip_by_value
        >>> gradient = np.array([3.0, -0.5])
        >>> clip_by_value({"kernel": gradient}, 1)
        >>> gradient.tolist()
        [1.0, -0.5]
    """
    for gradient in gradients.values():
        np.clip(gradient, -limit, limit, out=gradient)


def clip_by_norm(gradients: Mapping[str, FloatArray], limit: float) -> float:
    """All together to a norm of at most `limit`, their direction kept (algorithm 1); the norm before.

    Example:
        >>> import numpy as np
        >>> from embedkit import clip_by_norm
        >>> kernel, bias = np.array([3.0]), np.array([4.0])
        >>> clip_by_norm({"kernel": kernel, "bias": bias}, 1)
        5.0
        >>> kernel.round(4).tolist(), bias.round(4).tolist()
        ([0.6], [0.8])
    """
    norm = math.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients.values()))
    if norm > limit:
        for gradient in gradients.values():
            gradient *= gradient.dtype.type(limit / norm)
    return norm

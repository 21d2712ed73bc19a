"""Weights at random before training: Glorot and Bengio (2010), and orthogonal ones (Saxe et al. 2014)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def glorot_uniform(
    generator: np.random.Generator, shape: tuple[int, ...], fans: float
) -> NDArray[np.float32]:
    """Uniform within sqrt(6 / fans), `fans` being inputs and outputs of a unit together (equation 16).

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.initializers import glorot_uniform
        >>> bool(np.abs(glorot_uniform(np.random.default_rng(1), (4, 2), 4 + 2)).max() <= 1)
        True
    """
    limit = math.sqrt(6 / fans)
    return generator.uniform(-limit, limit, shape).astype(np.float32)


def orthogonal(generator: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Square orthogonal matrices side by side, (..., units, gates * units): products keep lengths.

    Example:
        >>> import numpy as np
        >>> from embedkit.neural.initializers import orthogonal
        >>> kernel = orthogonal(np.random.default_rng(1), (2, 4))[:, 2:]
        >>> np.allclose(kernel @ kernel.T, np.eye(2), atol=1e-6)
        True
    """
    *leading, units, width = shape
    squares = generator.standard_normal((math.prod(shape) // units**2, units, units))
    gates = np.linalg.qr(squares)[0].reshape(-1, width // units, units, units)
    return np.ascontiguousarray(gates.transpose(0, 2, 1, 3).reshape(*leading, units, width), np.float32)

"""Windows of convolutions and pooling over texts of any length, for numpy and TensorFlow alike.

Every text is cut into windows as if it stood alone, so that nothing depends on how far a batch is padded.
"""

from __future__ import annotations

from typing import Any

from embedkit.models.layers.layers import Padding


def window_count(xp: Any, lengths: Any, size: int, strides: int, padding: Padding) -> Any:
    """How many windows texts of these lengths have, at least one.

    Args:
        xp: the library of the arrays, numpy or TensorFlow.
        lengths: integers, at least 1.
        size: of a window.
        strides: from window to window.
        padding: see `Conv1D`.

    Example:
        >>> import numpy as np
        >>> from embedkit.models.layers.windows import window_count
        >>> window_count(np, np.array([1, 7, 8]), 3, 2, "same").tolist()
        [1, 4, 4]
        >>> window_count(np, np.array([1, 7, 8]), 3, 2, "valid").tolist()
        [1, 3, 3]
    """
    if padding == "same":
        return (lengths + (strides - 1)) // strides
    return xp.maximum(lengths - size, 0) // strides + 1


def window_start(xp: Any, lengths: Any, size: int, strides: int, padding: Padding) -> Any:
    """Where the first window of texts of these lengths begins: at 0, or before it in padding.

    Example:
        >>> import numpy as np
        >>> from embedkit.models.layers.windows import window_start
        >>> window_start(np, np.array([1, 7, 8]), 3, 2, "same").tolist()
        [-1, -1, 0]
    """
    if padding == "valid":
        return xp.zeros_like(lengths)
    count = window_count(xp, lengths, size, strides, padding)
    return -(xp.maximum((count - 1) * strides + size - lengths, 0) // 2)

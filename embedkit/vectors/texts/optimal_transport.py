"""Optimal transport: the linear program behind word mover's distance, solved by POT."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from embedkit.arrays import Doubles1d, Doubles2d
from embedkit.errors import DependencyError

MAX_STEPS = 10_000_000  # of the network simplex, which needs fewer: texts of thousands of words end exactly
BACKENDS = {"cupy": "CUPY", "jax": "JAX", "tensorflow": "TENSORFLOW", "torch": "PYTORCH"}


def least_cost(a: Doubles1d, b: Doubles1d, costs: Doubles2d) -> float:
    """The least cost of moving shares `a` (m,) onto shares `b` (n,), both in sum 1, with `costs` (m, n) of 1.

    Raises:
        DependencyError: POT is not installed.

    Example:
        >>> import numpy as np
        >>> least_cost(np.array([1.0]), np.array([0.5, 0.5]), np.array([[2.0, 4.0]]))
        3.0
    """
    if 1 in costs.shape:  # there is only one way
        return float(a @ costs @ b)
    return float(_pot().emd2(a, b, costs, numItermax=MAX_STEPS))


@cache
def _pot() -> Any:
    """POT, imported without all the tensor libraries that it would import: it is given arrays of numpy."""
    try:
        with _without_backends():
            import ot
    except ImportError:
        raise DependencyError(
            "word mover's distance needs POT, which is not installed; pip install 'embedkit[texts]'"
        ) from None
    return ot


@contextmanager
def _without_backends() -> Iterator[None]:
    """An environment that tells POT to leave alone what this program has not imported itself."""
    names = {f"POT_BACKEND_DISABLE_{name}" for module, name in BACKENDS.items() if module not in sys.modules}
    told = names - os.environ.keys()
    os.environ.update(dict.fromkeys(told, "1"))
    try:
        yield
    finally:
        for name in told:
            del os.environ[name]

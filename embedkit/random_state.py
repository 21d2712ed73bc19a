"""The caller's global random state, which nothing here draws from, kept from libraries that do."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np


@contextmanager
def untouched_random_state() -> Iterator[None]:
    """Put back what the block draws of the global generators of Python and numpy.

    For imports, as some libraries draw numbers when they are loaded, and as a decorator of functions that
    call such as draw where they need no seed.

    Example:
        >>> import random
        >>> random.seed(1)
        >>> with untouched_random_state():
        ...     _ = random.random()
        >>> random.random() == random.Random(1).random()
        True
    """
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 - it is the caller's
    try:
        yield
    finally:
        random.setstate(state)
        np.random.set_state(numpy_state)  # noqa: NPY002

"""Global random generators stay as the caller left them, whatever a library draws when it is loaded."""

import random

import numpy as np

from embedkit.random_state import untouched_random_state


def test_what_is_drawn_is_put_back():
    state, numpy_state = random.getstate(), np.random.get_state()  # noqa: NPY002 - the caller's
    with untouched_random_state():
        random.random()
        np.random.random()  # noqa: NPY002
    assert random.getstate() == state
    np.testing.assert_equal(np.random.get_state(), numpy_state)  # noqa: NPY002

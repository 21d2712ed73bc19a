"""Marks of tests that several modules share."""

import pytest

from embedkit import leftovers

NEEDS_LOCKS = pytest.mark.skipif(leftovers.fcntl is None, reason="nothing can be locked")

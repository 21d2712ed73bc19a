import pytest

import embedkit


@pytest.fixture(scope="session")
def english():
    """The vectors that ship, in lower case."""
    return embedkit.load()

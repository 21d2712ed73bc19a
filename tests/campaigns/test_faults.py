import sys

import pytest

from tests.campaigns.faults import REFUSED, WORKS, World, tried

OUTCOMES = {  # of converting vectors and tokenizing text
    "disk full": [REFUSED, REFUSED],
    "read-only folder": [REFUSED, REFUSED],
    "files of at most 1 KB": [REFUSED, REFUSED],
    "clock going backwards": [WORKS, WORKS],
    "no locale": [WORKS, WORKS],
    "target becomes somebody's folder while running": [REFUSED],
    "two runs with the same target": [WORKS, WORKS],
}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs tools of Linux")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(tmp_path_factory.mktemp("faults"), ["convert", "tokenize"])


@pytest.mark.parametrize("fault", OUTCOMES)
def test_whatever_is_wrong_nothing_is_lost(world, fault):
    found = [what for _, what, _ in tried(world, fault)]
    if not found:
        pytest.skip("only root can arrange this")
    assert found == OUTCOMES[fault]

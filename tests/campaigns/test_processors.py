import platform

import numpy as np
import pytest

from embedkit.simd.target import is_x86
from tests.campaigns.processors import angle, kinds, measured, results

NAMES = ("tokenizing", "counting", "word2vec, skip-gram", "GloVe")
WORDS = 10_000
pytestmark = pytest.mark.skipif(
    not is_x86() or platform.system() != "Linux", reason="kinds of x86 processors are imitated on Linux"
)


@pytest.fixture(scope="module")
def here():
    return results(WORDS, NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["AVX2", "generic"])
def test_a_seed_gives_the_same_on_every_processor(here, tmp_path, kind):
    """The same bytes with fused multiplication and addition, and without it where no floats are added."""
    if kind not in kinds():
        pytest.skip(f"this processor lacks {kind}")
    there = measured(kind, tmp_path, WORDS, NAMES)
    for name in NAMES:
        if kind == "AVX2" or name in ("tokenizing", "counting"):
            assert np.array_equal(there[name], here[name]), name
        else:
            assert angle(there[name], here[name]) < 0.01, name

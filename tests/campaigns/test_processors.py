import platform

import numpy as np
import pytest

from embedkit.simd.target import is_x86
from tests.campaigns.processors import (
    KEPT_WORDS,
    RENEW,
    angle,
    changed,
    kept,
    kinds,
    measured,
    results,
    versions,
)

NAMES = ("tokenizing", "counting", "word2vec, skip-gram", "GloVe")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not is_x86() or platform.system() != "Linux", reason="kinds of x86 processors are imitated on Linux"
    ),
]


@pytest.fixture(scope="module")
def here():
    """What this processor makes."""
    return results(KEPT_WORDS, NAMES)


@pytest.fixture(scope="module", params=["AVX2", "generic"])
def there(request, tmp_path_factory):
    """A kind of processor, and what it makes."""
    if request.param not in kinds():
        pytest.skip(f"this processor lacks {request.param}")
    return request.param, measured(request.param, tmp_path_factory.mktemp("made"), KEPT_WORDS, NAMES)


def check_kept(kind, made):
    """Compare with the hashes that were kept, where the same libraries made them."""
    if kept()[0] != versions():
        pytest.skip(f"the hashes are of {kept()[0]}, and here are {versions()}; {RENEW}")
    assert not changed(kind, made), f"{kind} makes other bytes than before; if that is meant, {RENEW}"


def test_a_seed_gives_the_same_on_every_processor(here, there):
    """The same bytes with fused multiplication and addition, and without it where no floats are added."""
    kind, made = there
    for name in NAMES:
        if kind == "AVX2" or name in ("tokenizing", "counting"):
            assert np.array_equal(made[name], here[name]), name
        else:
            assert angle(made[name], here[name]) < 0.01, name


def test_a_seed_gives_what_was_kept_of_this_kind_of_processor(there):
    check_kept(*there)


def test_a_seed_gives_what_was_kept_of_this_processor(here):
    check_kept(kinds()[0], here)

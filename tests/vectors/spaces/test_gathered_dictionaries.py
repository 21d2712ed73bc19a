"""Dictionaries of MUSE and of Glavas et al., in the folder $EMBEDKIT_DATA; skipped without it."""

import os
from pathlib import Path

import pytest

from embedkit.vectors.spaces.word_lists import word_pairs

DATA = Path(os.environ.get("EMBEDKIT_DATA", "none"), "more")
if not (DATA / "alignment_muse").is_dir():
    pytest.skip("needs $EMBEDKIT_DATA", allow_module_level=True)


@pytest.mark.parametrize(
    ("name", "pairs", "words"),
    [
        ("en-fr.0-5000", 10_872, 5000),
        ("en-fr.5000-6500", 2943, 1500),
        ("en-de.0-5000", 14_677, 5000),
        ("en-de.5000-6500", 3660, 1500),
    ],
)
def test_muse(name, pairs, words):
    found = word_pairs(DATA / f"alignment_muse/{name}.txt.xz")
    assert len(found) == pairs
    assert len({word for word, _ in found}) == words


def test_others():
    files = sorted(path for path in (DATA / "alignment_xling").iterdir() if path.name != "README.md")
    assert files
    for path in files:
        assert len(word_pairs(path)) > 1000

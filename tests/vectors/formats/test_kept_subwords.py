"""Each kind of subwords is kept, left out or refused by formats as docs/formats.md says."""

import re
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from embedkit import Embeddings, InputError, load
from embedkit.vectors.formats.table import FORMATS, WRITTEN
from embedkit.vectors.subwords.estimated import EstimatedSubwords
from embedkit.vectors.subwords.explicit_ngrams import ExplicitSubwords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.files import KINDS
from embedkit.vectors.subwords.finalfusion_buckets import FinalfusionSubwords
from embedkit.vectors.subwords.floret import FloretSubwords

DOCS = Path(__file__).parents[3] / "docs" / "formats.md"
TABLE = np.random.default_rng(2).normal(size=(8, 2)).astype(np.float32)
SUBWORDS = [
    FastTextSubwords(TABLE, 3, 4, buckets=8),
    EstimatedSubwords(TABLE, 3, 4, (1 << 31) - 1, np.arange(0, 1 << 20, 1 << 17), np.arange(8)),
    FloretSubwords(TABLE, 3, 4, hash_count=2, hash_seed=2166136261),
    FinalfusionSubwords(TABLE, 3, 4, exponent=3),
    ExplicitSubwords(TABLE, 3, 4, ("<ca", "ats>"), np.array([0, 1])),
]
WORDS = ["cat", "dog", "cow"]


def told():
    """What the documentation says of each kind and format."""
    section = DOCS.read_text().split("## Subwords")[1]
    header, _, *rows = [re.findall(r"[^|]+", line) for line in section.splitlines() if line.startswith("|")]
    names = [cell.strip(" `") for cell in header[2:]]
    return {
        (row[0].strip(" `"), name): cell.strip()
        for row in rows
        for name, cell in zip(names, row[2:], strict=True)
    }


def test_all_kinds_and_formats_are_told():
    formats = [name for name in WRITTEN if "subwords" in FORMATS[name].keeps]
    assert set(told()) == {(kind, name) for kind in KINDS for name in formats}


@pytest.mark.parametrize("subwords", SUBWORDS, ids=lambda subwords: subwords.kind)
@pytest.mark.parametrize("name", [name for name in WRITTEN if "subwords" in FORMATS[name].keeps])
def test_what_becomes_of_them(subwords, name, tmp_path):
    vectors = Embeddings(subwords.vectors(WORDS) + np.float32(1e-6), WORDS, subwords=subwords)
    path, fate = tmp_path / "v", told()[subwords.kind, name]
    refused = pytest.raises(InputError) if fate == "error" else nullcontext()
    warned = pytest.warns(UserWarning, match="left out subwords") if fate == "left out" else nullcontext()
    with refused, warned:
        vectors.save(path, name)
    if fate != "error":
        again = load(path)
        assert (again.subwords is not None) == (fate == "kept")
        np.testing.assert_allclose(again.rows(WORDS), vectors.rows(WORDS), atol=1e-4)

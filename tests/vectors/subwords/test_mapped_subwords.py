"""Unknown words keep a vector where the vectors of known ones are changed by a map that subwords allow."""

import numpy as np
import pytest

from embedkit import (
    Embeddings,
    Procrustes,
    align,
    all_but_the_top,
    concatenate,
    estimate_unknown_words,
    merge,
    pca,
    retrofit,
    whiten,
)
from embedkit.vectors.subwords.explicit_ngrams import ExplicitSubwords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.finalfusion_buckets import FinalfusionSubwords
from embedkit.vectors.subwords.floret import FloretSubwords
from embedkit.vectors.subwords.quantized_rows import QuantizedRows

UNKNOWN = ["unheard", "offset", "étendue"]
generator = np.random.default_rng(5)
TABLE = generator.normal(1, 2, (64, 4)).astype(np.float32)
QUANTIZED = QuantizedRows(
    generator.integers(0, 256, (64, 2), np.uint8), generator.normal(size=1024).astype(np.float32), 2
)
MEANS = [
    FastTextSubwords(TABLE, 2, 4, buckets=64),
    FastTextSubwords(QUANTIZED, 2, 4, buckets=64),
    FastTextSubwords(TABLE, 1, 4, 256, np.arange(0, 256, 4), np.arange(64)[::-1]),
    FloretSubwords(TABLE, 2, 4, hash_count=2, hash_seed=7),
]
SUMS = [
    FinalfusionSubwords(TABLE, 2, 4, exponent=6),
    ExplicitSubwords(TABLE, 2, 4, ("un", "of"), np.array([0, 1])),
]
OTHER = Embeddings(generator.normal(size=(50, 4)), [f"w{i}" for i in range(50)])


def unnormalized(vectors):
    return align(vectors, OTHER, method=Procrustes(normalize=False, center=True))


CHANGES = [
    Embeddings.center,
    all_but_the_top,
    lambda vectors: pca(vectors, 3),
    whiten,
    lambda vectors: whiten(vectors, 2),
    unnormalized,
]


def with_subwords(subwords):
    """200 words of 4 dimensions, far from zero in the mean."""
    return Embeddings(
        np.random.default_rng(3).normal(2, 1, (200, 4)), [f"w{i}" for i in range(200)], subwords=subwords
    )


@pytest.mark.parametrize("subwords", MEANS)
@pytest.mark.parametrize("change", CHANGES)
def test_unknown_words_are_mapped_as_known_ones(subwords, change):
    before = with_subwords(subwords)
    after = change(before)
    mapping = np.linalg.lstsq(np.c_[before.matrix, np.ones(200)], after.matrix)[0]
    expected = np.c_[before.rows(UNKNOWN), np.ones(3)] @ mapping
    np.testing.assert_allclose(after.rows(UNKNOWN), expected, atol=1e-4)
    assert after.subwords.kind == subwords.kind
    assert after["</s>"].tolist() == [0] * after.vector_size


@pytest.mark.parametrize("subwords", SUMS)
@pytest.mark.parametrize("change", CHANGES)
def test_sums_of_length_1_cannot_be_mapped(subwords, change):
    assert change(with_subwords(subwords)).subwords is None


def test_estimates_are_mapped(random_space):
    vectors = estimate_unknown_words(random_space, iterations=2)
    mean = vectors.matrix.mean(axis=0)
    centered = vectors.center()
    np.testing.assert_allclose(centered["word77x"], vectors["word77x"] - mean, atol=1e-5)
    assert centered.subwords.kind == "estimated"


@pytest.mark.parametrize("subwords", MEANS)
def test_other_changes_leave_subwords_out(subwords):
    vectors = with_subwords(subwords)
    assert vectors.normalize().subwords is None
    assert align(vectors, OTHER).subwords is None
    assert concatenate(vectors, OTHER).subwords is None


@pytest.mark.parametrize("subwords", MEANS + SUMS)
def test_retrofitting_leaves_unknown_words_where_they_are(subwords):
    vectors = with_subwords(subwords)
    near = retrofit(vectors, {"w1": ["w2"]})
    assert near["w1"].tolist() != vectors["w1"].tolist()
    np.testing.assert_array_equal(near.rows(UNKNOWN), vectors.rows(UNKNOWN))


def test_merged_spaces_know_the_unknown_words_of_the_first_that_knows_them():
    first, second = map(with_subwords, MEANS[:2])
    assert merge(first, second).subwords is first.subwords
    assert merge(OTHER, second, first).subwords is second.subwords
    assert merge(OTHER, OTHER).subwords is None
    assert merge(first, second, in_several="mean").subwords is None
    assert merge(first, second, normalize=True).subwords is None

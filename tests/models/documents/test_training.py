"""What is learned of documents in training, and how."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, vstack

from embedkit.models.documents.parameters import DocumentVectorParameters
from embedkit.models.documents.training import train_ngram_vectors

SMALL = {"vector_size": 20, "sample": 0.0, "epochs": 20}


@pytest.fixture
def counts():
    """60 documents: n-grams 0 to 4 stand in the even ones, 5 to 9 in the odd ones, 10 in all."""
    random = np.random.default_rng(1)
    held = np.zeros((60, 11), np.float32)
    for number in range(60):
        held[number, 5 * (number % 2) + random.choice(5, 3, replace=False)] = 1
    held[:, 10] = 2
    return csr_matrix(held)


def learned(counts, **changes):
    return train_ngram_vectors(counts, DocumentVectorParameters(**{**SMALL, "workers": 1, **changes}), 1)


def test_ngrams_of_the_same_documents_come_together(counts):
    vectors = learned(counts).vectors
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    cosines = vectors @ vectors.T
    within = [cosines[a, b] for a in range(10) for b in range(a) if a // 5 == b // 5]
    between = [cosines[a, b] for a in range(10) for b in range(a) if a // 5 != b // 5]
    assert min(within) > max(between)


def test_one_worker_and_one_seed_give_the_same_bytes(counts):
    first, again = learned(counts), learned(counts)
    np.testing.assert_array_equal(first.vectors, again.vectors)
    np.testing.assert_array_equal(first.noise, again.noise)
    other = train_ngram_vectors(counts, DocumentVectorParameters(**SMALL, workers=1), 2)
    assert not np.allclose(other.vectors, first.vectors)


def test_rounds_give_the_same_bytes_with_any_number_of_threads(counts):
    many, settings = vstack([counts] * 200, format="csr"), {"epochs": 1, "deterministic": True}
    alone, together = (learned(many, **settings, workers=workers) for workers in (1, 3))
    np.testing.assert_array_equal(alone.vectors, together.vectors)
    assert not np.array_equal(alone.vectors, learned(many, epochs=1).vectors)


def test_frequent_ngrams_count_less(counts):
    kept = learned(counts, sample=0.02).kept
    assert kept[10] < min(kept[:10])
    share = 120 / 300
    assert kept[10] == pytest.approx(np.sqrt(0.02 / share) + 0.02 / share)
    np.testing.assert_array_equal(learned(counts).kept, 1)


def test_documents_without_ngrams_are_passed_over(counts):
    more = csr_matrix((counts.data, counts.indices, [*counts.indptr, counts.indptr[-1]]), shape=(61, 11))
    assert np.isfinite(learned(more).vectors).all()


def test_a_word_that_stands_alone_can_be_learned():
    vectors = learned(csr_matrix(np.ones((1, 1), np.float32)), learning_rate=1.0).vectors
    assert vectors.shape == (1, 20)
    assert np.isfinite(vectors).all()

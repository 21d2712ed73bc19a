"""PPMI by hand, SVD against numpy's."""

from dataclasses import replace

import numpy as np
import pytest

from embedkit import PPMISVD, Cooccurrences, Corpus, InputError
from embedkit.training.svd import positive_mutual_information


@pytest.fixture
def counts():
    """Counts that are easy to do by hand: a stands 4 times beside b and twice beside c, b beside c never."""
    documents = [["a", "b"]] * 4 + [["a", "c"]] * 2
    return Cooccurrences.count(documents, min_count=1, window=1)


def random_counts(words=30, lines=400):
    ids = np.minimum(np.random.default_rng(3).zipf(1.3, (lines, 8)) - 1, words - 1)
    return Cooccurrences.count([[f"w{word}" for word in line] for line in ids], min_count=1, window=3)


def dense(counts):
    matrix = np.zeros((len(counts.vocabulary),) * 2)
    rows = np.repeat(np.arange(len(matrix)), np.diff(counts.offsets))
    matrix[rows, counts.columns] = counts.counts
    return matrix


def test_mutual_information_by_hand(counts):
    matrix = positive_mutual_information(counts, smoothing=1.0, shift=1.0).toarray()
    # P(a, b) = 4/12, P(a) = 6/12, P(b) = 4/12: log 2; P(a, c) = 2/12, P(c) = 2/12: log 2
    np.testing.assert_allclose(matrix, np.log(2) * np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]]))
    shifted = positive_mutual_information(counts, smoothing=1.0, shift=1.5).toarray()
    np.testing.assert_allclose(shifted, np.log(2 / 1.5) * (matrix > 0))


def test_smoothing_by_hand(counts):
    matrix = positive_mutual_information(counts, smoothing=0.5, shift=1.0).toarray()
    whole = 6**0.5 + 4**0.5 + 2**0.5
    expected = np.zeros((3, 3))
    expected[1, 0] = np.log(4 / 12 / (4 / 12 * 6**0.5 / whole))
    expected[2, 0] = np.log(2 / 12 / (2 / 12 * 6**0.5 / whole))
    expected[0, 1] = np.log(4 / 12 / (6 / 12 * 4**0.5 / whole))
    expected[0, 2] = np.log(2 / 12 / (6 / 12 * 2**0.5 / whole))
    assert (expected >= 0).all()
    np.testing.assert_allclose(matrix, expected)


def test_mutual_information_of_many_counts_in_blocks(monkeypatch):
    counts = random_counts()
    joint = dense(counts) / dense(counts).sum()
    contexts = dense(counts).sum(0) ** 0.75
    with np.errstate(divide="ignore"):
        information = np.log(joint / joint.sum(1)[:, None] / (contexts / contexts.sum())) - np.log(1.2)
    monkeypatch.setattr("embedkit.training.svd._BLOCK", 7)
    found = positive_mutual_information(counts, 0.75, 1.2)
    np.testing.assert_allclose(found.toarray(), np.maximum(information, 0), atol=1e-12)
    assert (found.data > 0).all()


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_vectors_are_those_of_the_dense_decomposition(weight):
    counts = random_counts()
    trained = PPMISVD(vector_size=6, eigenvalue_weight=weight).train(counts)
    left, singular, _ = np.linalg.svd(positive_mutual_information(counts, 0.75, 1.0).toarray())
    left = left[:, :6] * np.sign(left[np.abs(left[:, :6]).argmax(0), range(6)])
    np.testing.assert_allclose(trained.matrix, left * singular[:6] ** weight, atol=1e-5)
    np.testing.assert_allclose(trained.metadata["singular_values"], singular[:6])
    assert trained.vocabulary.words == counts.vocabulary.words


def test_the_seed_does_not_decide_the_vectors():
    counts = random_counts()
    one, again, other = (PPMISVD(vector_size=5, seed=seed).train(counts).matrix for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_sources(tmp_path):
    documents = [["the", "cat", "sat"], ["the", "dog", "sat"], ["a", "cat", "ran"]] * 5
    corpus = Corpus.from_documents(documents, tmp_path / "corpus")
    counts = Cooccurrences.count(corpus, tmp_path / "counts")
    trainer = PPMISVD(vector_size=3)
    expected = trainer.train(counts)
    for source in (tmp_path / "counts", corpus, tmp_path / "corpus", documents):
        np.testing.assert_array_equal(trainer.train(source).matrix, expected.matrix)
    metadata = trainer.train(tmp_path / "counts").metadata
    assert metadata["parameters"]["window"] == 10
    assert metadata["parameters"]["smoothing"] == 0.75
    assert metadata["corpus"]["fingerprint"] == corpus.fingerprint
    with pytest.raises(InputError, match="window=3 cannot apply to counts made with window=10"):
        PPMISVD(vector_size=3, window=3).train(counts)
    narrow = PPMISVD(vector_size=2, window=1, min_count=1).train(corpus)
    assert narrow.metadata["parameters"]["window"] == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vector_size": 3}, "vector_size must be less than the number of words, 3, got 3"),
        ({"vector_size": 1, "shift": 100.0}, "shift=100.0 may be too much"),
        ({"smoothing": 2.0}, "smoothing must be at most 1"),
        ({"shift": 0.0}, "shift must be more than 0"),
        ({"memory": "some"}, "memory must be like"),
    ],
)
def test_what_cannot_be_done(counts, settings, message):
    with pytest.raises(InputError, match=message):
        PPMISVD(**settings).train(counts)


def test_counts_beside_which_others_are_nothing_are_refused():
    counts = Cooccurrences.count([["a", "b", "c"]] * 9, min_count=1)
    numbers = counts.counts.copy()
    numbers[: counts.offsets[1]] = 1e38
    with pytest.raises(InputError, match=r"are nothing beside the sum of all, 2e\+38"):
        PPMISVD(vector_size=2).train(replace(counts, counts=numbers))


def test_counts_without_a_recipe_are_enough():
    counts = Cooccurrences.count([["a", "b"], ["c", "d"]] * 9, min_count=1)
    assert PPMISVD(vector_size=2).train(replace(counts, recipe={})).metadata["corpus"] is None

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from embedkit import Embeddings, InputError, UnknownWordError, Vocabulary
from embedkit.evaluation.duplicates import distinct_rows
from embedkit.evaluation.health import health
from embedkit.evaluation.hubness import k_occurrences, skewness
from embedkit.evaluation.spectrum import explained_variance, isotropy, mean_cosine, moments
from embedkit.vectors.norms import unit_vectors

AXES = np.concatenate([np.eye(4), -np.eye(4)]).astype(np.float32)


def space(matrix, counts=None):
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = [f"word{x}{y}{z}" for x in letters for y in letters for z in letters] + [
        f"{n}" for n in range(30_000)
    ]
    return Embeddings(matrix, Vocabulary(words[: len(matrix)], counts))


def random_space(rows=60, seed=1):
    return space(np.random.default_rng(seed).normal(0.3, 1, size=(rows, 6)))


def star(points):
    """A hub, and `points` vectors that are nearer to it than to each other."""
    directions = np.eye(points + 1)
    return unit_vectors(np.vstack([directions[0], directions[1:] + directions[0]]))


def test_vectors_along_all_axes_are_isotropic():
    assert isotropy(AXES, moments(AXES)) == pytest.approx(1)


@pytest.mark.parametrize("length", [0.5, 3.0, 40.0, 1000.0])
def test_isotropy_of_vectors_along_one_axis(length):
    matrix = np.tile(np.array([length, 0, 0], np.float32), (5, 1))
    assert isotropy(matrix, moments(matrix)) == pytest.approx(np.exp(-2 * length), rel=1e-5, abs=1e-300)


def test_isotropy_of_many_blocks(monkeypatch):
    matrix = random_space().matrix
    directions = np.linalg.eigh(matrix.T.astype(np.float64) @ matrix)[1]
    sums = np.exp(matrix @ np.hstack([directions, -directions])).sum(axis=0)
    expected = sums.min() / sums.max()
    assert isotropy(matrix, moments(matrix)) == pytest.approx(expected, rel=1e-4)
    monkeypatch.setattr("embedkit.evaluation.spectrum.BLOCK", 7)
    assert isotropy(matrix, moments(matrix)) == pytest.approx(expected, rel=1e-4)


@given(st.integers(2, 40), st.integers(0, 1000))
def test_moments_and_variance_are_numpys(rows, seed):
    matrix = np.random.default_rng(seed).normal(5, 2, size=(rows, 3)).astype(np.float32)
    found = moments(matrix)
    np.testing.assert_allclose(found.mean, matrix.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(found.covariance, np.cov(matrix.T, bias=True), rtol=1e-3, atol=1e-4)
    shares = explained_variance(found.covariance)
    singular = np.linalg.svd(matrix - matrix.mean(axis=0))[1] ** 2
    np.testing.assert_allclose(shares[: len(singular)], singular / singular.sum(), atol=1e-4)


def test_mean_cosine_is_that_of_all_pairs():
    unit = unit_vectors(random_space().matrix)
    pairs = (unit @ unit.T)[np.triu_indices(len(unit), 1)]
    assert mean_cosine(unit) == pytest.approx(pairs.mean(), abs=1e-6)
    assert mean_cosine(unit[:1]) is None


def test_the_middle_of_a_star_is_a_hub():
    occurrences = k_occurrences(star(6), 1)
    assert occurrences.tolist() == [6, 1, 0, 0, 0, 0, 0]  # the hub's own neighbors tie: the first
    assert skewness(occurrences) == pytest.approx(stats.skew(occurrences))


def test_a_ring_has_no_hubs():
    angles = np.arange(12) / 12 * 2 * np.pi
    ring = unit_vectors(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    assert k_occurrences(ring, 2).tolist() == [2] * 12
    assert skewness(k_occurrences(ring, 2)) == 0


@given(st.integers(2, 30), st.integers(1, 40), st.integers(0, 100))
def test_every_word_has_k_neighbors(rows, k, seed):
    unit = unit_vectors(np.random.default_rng(seed).normal(size=(rows, 3)))
    assert k_occurrences(unit, k).sum() == rows * min(k, rows - 1)


def test_hubness_grows_with_dimensions():
    generator = np.random.default_rng(7)
    few, many = (unit_vectors(generator.normal(1, 1, size=(800, size))) for size in (3, 200))
    assert skewness(k_occurrences(many, 10)) > skewness(k_occurrences(few, 10)) + 1


def test_rows_that_repeat():
    matrix = np.array([[1, 0], [1, -0.0], [2, 0], [1, 0], [0, 1]], np.float32)
    assert distinct_rows(matrix) == 3
    found = health(space([*matrix, [0, 0], [0, 0]]))
    assert (found.words, found.zero, found.duplicates) == (7, 2, 2)
    rows = {row.metric: row for row in found.rows()}
    assert rows["share of zero vectors"][:4] == ("health", "total", "share of zero vectors", 2 / 7)
    assert rows["share of duplicate vectors"].value == 2 / 7
    assert (rows["mean cosine"].covered, rows["mean cosine"].total) == (5, 7)


def test_length_and_frequency():
    counts = np.array([1000, 400, 30, 2, 1])
    lengths = np.log(counts) + 1
    found = health(space(lengths[:, None] * AXES[:5], counts))
    assert found.norm_frequency == pytest.approx(1)
    assert found.warnings == ()
    ranked = health(space((5 - np.log(np.arange(1, 6)))[:, None] * AXES[:5]))
    assert ranked.norm_frequency == pytest.approx(1)
    assert "no counts" in ranked.warnings[0]
    assert health(space(AXES)).norm_frequency is None  # all are of one length


def test_a_space_as_a_whole():
    found = health(random_space(), words=["wordaab"], top=3)
    rows = {row.metric: row.value for row in found.rows()}
    assert rows["isotropy"] == found.isotropy
    assert rows["variance explained by the first component"] == found.explained[0]
    assert rows["variance explained by the first 6 components"] == pytest.approx(1)  # there are no more
    assert found.neighbors == {"wordaab": random_space().neighbors("wordaab", top=3)}
    assert found.hubs[0][1] == max(count for _, count in found.hubs)
    assert len(found.hubs) == 5


def test_a_sample():
    few, again, other, everything = (
        health(random_space(), sample=size, seed=seed) for size, seed in ((30, 1), (30, 1), (30, 2), (60, 1))
    )
    assert few.rows() == again.rows()
    assert (few.sampled, everything.sampled) == (30, 60)
    assert few.hubness != other.hubness
    assert everything.hubness == health(random_space(), sample=1000, seed=9).hubness
    with pytest.raises(InputError, match="a sample of at least 2 words, got 1"):
        health(random_space(), sample=1)


def test_common_words_come_after_the_function_words():
    after = ["wordadw", "wordadx", "wordady", "wordadz", "wordaea"]
    assert list(health(random_space(rows=110)).neighbors) == after
    assert list(health(random_space(rows=102)).neighbors) == [*after[:2], "wordaaa", "wordaab", "wordaac"]
    short = Embeddings(AXES, Vocabulary(list("abcdefgh")))
    assert health(short).neighbors == {}
    with pytest.raises(UnknownWordError):
        health(short, words=["nowhere"])


@pytest.mark.parametrize("matrix", [np.zeros((3, 2)), [(1.0, 2.0)], [(1.0, 2.0), (0.0, 0.0)]])
def test_spaces_with_little_in_them(matrix):
    found = health(space(matrix))
    assert found.hubness is None
    assert found.mean_cosine is None
    assert (found.isotropy is None) == (not np.any(matrix))
    assert all(row.value is None or np.isfinite(row.value) for row in found.rows())


def test_memory_beside_the_vectors_is_bounded():
    """Less than one more copy of 40,000 x 64 vectors."""
    vectors = space(np.random.default_rng(1).standard_normal((40_000, 64), np.float32))
    _ = vectors.unit_matrix
    tracemalloc.start()
    health(vectors, sample=500, words=[])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < vectors.matrix.nbytes


def test_large_numbers_do_not_overflow():
    random = np.random.default_rng(3).standard_normal((300, 8))
    small, large = (health(space((random * scale).astype(np.float32)), words=[]) for scale in (1, 1e20))
    np.testing.assert_allclose(large.explained, small.explained, rtol=1e-4)

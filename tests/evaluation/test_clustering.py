import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedkit import InputError
from embedkit.evaluation.clustering import spherical_k_means
from embedkit.vectors.rows import unit_vectors

SMALL = st.floats(-1, 1, width=32)


def as_partition(clusters):
    return {frozenset(np.flatnonzero(clusters == cluster).tolist()) for cluster in np.unique(clusters)}


def bundles(spread, generator):
    """Three bundles of ten vectors each around the axes."""
    return unit_vectors(np.repeat(np.eye(3), 10, axis=0) + generator.normal(0, spread, (30, 3)))


def test_bundles_are_found():
    found = spherical_k_means(bundles(0.1, np.random.default_rng(0)), 3)
    assert as_partition(found[0].clusters) == {frozenset(range(i, i + 10)) for i in (0, 10, 20)}
    assert len(found) == 20


def test_the_best_of_all_partitions_is_found():
    unit = unit_vectors(np.random.default_rng(1).normal(size=(8, 3)))
    partitions = np.array(np.meshgrid(*[[0, 1]] * 8)).reshape(8, -1).T
    best = max(sum(np.linalg.norm(unit[labels == k].sum(axis=0)) for k in (0, 1)) for labels in partitions)
    assert spherical_k_means(unit, 2)[0].cohesion == pytest.approx(best, rel=1e-6)


@given(arrays(np.float32, (9, 4), elements=SMALL), st.integers(1, 9))
def test_every_vector_is_with_its_nearest_centroid(vectors, k):
    unit = unit_vectors(vectors)
    found = spherical_k_means(unit, k, restarts=3)
    for clusters, cohesion in found:
        assert clusters.min() >= 0
        assert clusters.max() < k
        filled = np.unique(clusters)
        centroids = unit_vectors(np.stack([unit[clusters == cluster].sum(axis=0) for cluster in filled]))
        table = unit @ centroids.T
        own = table[np.arange(9), np.searchsorted(filled, clusters)]
        assert (own >= table.max(axis=1) - 1e-5).all()
        assert cohesion == pytest.approx(own.sum(), abs=1e-4)
    assert [one.cohesion for one in found] == sorted((one.cohesion for one in found), reverse=True)


def test_the_seed_decides():
    unit = unit_vectors(np.random.default_rng(3).normal(size=(40, 5)))
    first, again = (spherical_k_means(unit, 6, seed=1) for _ in range(2))
    np.testing.assert_array_equal(first[0].clusters, again[0].clusters)
    assert [one.cohesion for one in first] == [one.cohesion for one in again]
    assert [one.cohesion for one in first] != [one.cohesion for one in spherical_k_means(unit, 6, seed=2)]


@pytest.mark.parametrize(("k", "restarts"), [(0, 1), (4, 1), (2, 0)])
def test_what_cannot_be_clustered(k, restarts):
    with pytest.raises(InputError, match="expected"):
        spherical_k_means(np.eye(3, dtype=np.float32), k, restarts)

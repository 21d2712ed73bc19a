"""Clusters by k-means."""

import numpy as np
import pytest
import threadpoolctl

from embedkit.errors import InputError
from embedkit.statistics.clusters import k_means, two_clusters


@pytest.fixture
def rows():
    """Nine points around (0, 0), (10, 0) and (0, 10), three each."""
    centers = np.repeat([(0, 0), (10, 0), (0, 10)], 3, axis=0)
    return (centers + np.random.default_rng(1).normal(0, 0.1, (9, 2))).astype(np.float32)


def test_groups_that_lie_apart_are_the_clusters(rows):
    found = k_means(rows, 3, starts=5, seed=1)
    assert found.shape == (9,)
    assert [len(set(found[start : start + 3].tolist())) for start in (0, 3, 6)] == [1, 1, 1]
    assert set(found.tolist()) == {0, 1, 2}


def test_the_same_seed_finds_the_same(rows):
    first, again = (k_means(rows, 4, starts=1, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_one_thread_is_used(rows, monkeypatch):
    from sklearn.cluster import KMeans

    used = []
    fit = KMeans.fit

    def watched(self, given):
        pools = threadpoolctl.threadpool_info()
        used.extend(pool["num_threads"] for pool in pools if pool["user_api"] == "openmp")
        return fit(self, given)

    monkeypatch.setattr(KMeans, "fit", watched)
    k_means(rows, 2, starts=1, seed=1)
    assert set(used) == {1}


def test_two_clusters_are_told_by_truth_values(rows):
    found = two_clusters(rows[:6], seed=1)
    assert found.dtype == bool
    assert len({*found[:3].tolist()}) == len({*found[3:].tolist()}) == 1
    assert found[0] != found[5]


def test_a_seed_that_the_library_does_not_take_is_told(rows):
    with pytest.raises(InputError, match="seed must be at most 4294967295, got 4294967296"):
        k_means(rows, 3, starts=5, seed=2**32)

"""Clusters of rows, and their names."""

import numpy as np
import pytest

from embedkit.explorer import categories
from embedkit.explorer.categories import categories_of, clusters


@pytest.fixture
def groups():
    """Three directions in turn, a little apart: rows at length 1."""
    rng = np.random.default_rng(1)
    rows = np.eye(3)[np.arange(90) % 3] + 0.1 * rng.standard_normal((90, 3))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("clustered", [1000, 30])
def test_rows_of_a_direction_are_a_cluster_in_order_of_their_first(groups, clustered, monkeypatch):
    monkeypatch.setattr(categories, "CLUSTERED", clustered)
    words = [f"{'abc'[row % 3]}{row}" for row in range(90)]
    found = clusters(groups, groups, words, count=3)
    assert found.of_words.tolist() == [row % 3 for row in range(90)]
    assert [{word[0] for word in name.split(", ")} for name in found.names] == [{"a"}, {"b"}, {"c"}]


def test_no_more_clusters_than_different_rows():
    rows = np.ones((20, 2), np.float32)
    assert set(clusters(rows, rows, ["w"] * 20).of_words.tolist()) == {0}


def test_words_without_a_category_have_none():
    found = categories_of({"cat": "animal", "unseen": "thing"}, ["car", "cat"], "here")
    assert found.of_words.tolist() == [categories.NONE, 0]
    assert found.names == ("animal",)

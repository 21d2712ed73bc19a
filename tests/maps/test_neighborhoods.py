"""Nearest rows, and how many of them are near on a map."""

import numpy as np
import pytest

from embedkit.maps.neighborhoods import neighborhoods, neighbors_kept
from embedkit.maps.plane import unit_vectors_of
from embedkit.progress import Progress
from embedkit.vectors.rows import StoredRows


@pytest.fixture(scope="module")
def unit():
    rows = np.random.default_rng(1).standard_normal((60, 5)).astype(np.float32)
    return unit_vectors_of(StoredRows(rows))


def test_distances_are_those_between_all_rows(unit):
    found = neighborhoods(unit, 4)
    rows = unit.values.astype(np.float64)
    distances = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    assert found.rows.tolist() == np.argsort(distances, axis=1)[:, :4].tolist()
    assert found.distances == pytest.approx(np.sort(distances, axis=1)[:, :4], abs=1e-3)


def test_progress_ends_with_the_last_row(unit):
    class Told(Progress):
        done = 0.0

        def update(self, completed, figures=""):
            self.done = completed

    told = Told()
    neighborhoods(unit, 1, told)
    assert told.done == len(unit)


def test_the_rows_themselves_keep_all_their_neighbors():
    angles = np.linspace(0, 3, 200)
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    near = neighborhoods(StoredRows(points), 10).rows
    assert neighbors_kept(points, near) == 1


def test_a_map_of_chance_keeps_as_many_as_chance():
    near = np.stack([np.random.default_rng(row).permutation(1000)[:10] for row in range(1000)])
    points = np.random.default_rng(1).standard_normal((1000, 2)).astype(np.float32)
    assert neighbors_kept(points, near) == pytest.approx(0.03, abs=0.01)

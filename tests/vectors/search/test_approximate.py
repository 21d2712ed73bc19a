import numpy as np
import pytest

from embedkit.vectors.rows import ROW_TYPES, StoredRows
from embedkit.vectors.search import approximate
from embedkit.vectors.search.approximate import best_proposals
from embedkit.vectors.search.nearest import nearest


class AllRows:
    """A `SearchIndex` that proposes all rows, in a random order, and then none."""

    def build(self, rows, progress=None):
        self.count = len(rows)

    def query(self, targets, count):
        found = np.full((len(targets), count), -1)
        for answers in found:
            answers[: self.count] = np.random.default_rng(0).permutation(self.count)[:count]
        return found


@pytest.mark.parametrize("dtype", ROW_TYPES)
@pytest.mark.parametrize("excluded", [None, np.arange(30).reshape(10, 3) - 1])
def test_of_all_rows_the_best_are_those_of_the_exact_search(monkeypatch, dtype, excluded):
    monkeypatch.setattr(approximate, "ENTRIES", 1000)  # some targets at once
    matrix = np.random.default_rng(1).normal(size=(60, 8)).astype(np.float32)
    matrix[30:40] = matrix[20:30]
    matrix[5] = 0
    rows, index = StoredRows.of(matrix, dtype), AllRows()
    index.build(rows)
    for k in (1, 7, 90):
        exact = nearest(rows, matrix[:10], k, excluded)
        found = best_proposals(index, 60, rows, matrix[:10], k, excluded)
        np.testing.assert_array_equal(found.rows, exact.rows)
        np.testing.assert_allclose(found.scores, exact.scores, atol=1e-6)

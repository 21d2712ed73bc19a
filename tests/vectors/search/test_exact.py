import numpy as np

from embedkit.vectors.rows import StoredRows
from embedkit.vectors.search.exact import top_rows


def test_combined_scores_of_several_products():
    rows = StoredRows(np.eye(3, dtype=np.float32))
    basis = np.array([[1, 2, 3], [3, 3, 0]], np.float32)
    found = top_rows(rows, basis, 2, lambda table, queries: (table[:1] * table[1:])[queries], queries=1)
    assert found.rows.tolist() == [[1, 0]]
    assert found.scores.tolist() == [[6, 3]]

import numpy as np
import pytest

from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces import csls
from embedkit.vectors.spaces.csls import csls_nearest, mutual_pairs, nearness


def spaces(sources=40, targets=60, size=5):
    generator = np.random.default_rng(0)
    return (unit_vectors(generator.normal(size=(count, size))) for count in (sources, targets))


def stored(*matrices):
    """Rows of lengths other than 1, which must not matter."""
    return [
        StoredRows(matrix * np.linspace(1, 3, len(matrix), dtype=np.float32)[:, None]) for matrix in matrices
    ]


def table_by_the_formula(sources, targets, k):
    cosines = sources.astype(float) @ targets.T.astype(float)
    r_source = np.sort(cosines, axis=1)[:, -k:].mean(axis=1)
    r_target = np.sort(cosines, axis=0)[-k:].mean(axis=0)
    return 2 * cosines - r_source[:, None] - r_target


@pytest.mark.parametrize("k", [1, 3, 10])
@pytest.mark.parametrize("queries", [4096, 7])
def test_csls_is_that_of_the_formula(k, queries, monkeypatch):
    monkeypatch.setattr(csls, "QUERIES", queries)
    sources, targets = spaces()
    expected = table_by_the_formula(sources, targets, k)
    near = nearness(*stored(sources, targets), k), nearness(*stored(targets, sources), k)
    found = csls_nearest(*stored(sources, targets), *near, k=4)
    order = np.argsort(-expected, axis=1)[:, :4]
    np.testing.assert_array_equal(found.rows, order)
    np.testing.assert_allclose(found.scores, np.take_along_axis(expected, order, 1), atol=1e-5)


def test_mutual_pairs_are_each_others_best():
    sources, targets = spaces()
    table = table_by_the_formula(sources, targets, 10)
    forth, back = table.argmax(axis=1), table.argmax(axis=0)
    expected = [(row, forth[row]) for row in range(len(sources)) if back[forth[row]] == row]
    assert 0 < len(expected) < len(sources)
    assert [*zip(*map(list, mutual_pairs(*stored(sources, targets))), strict=True)] == expected


def test_a_hub_loses_its_place():
    """One target is near to every source; by cosine it is the answer to all, by CSLS to none."""
    sources = unit_vectors(np.array([[1, 0, 0.9], [0, 1, 0.9], [-1, 0, 0.9], [0, -1, 0.9]]))
    hub, others = np.array([[0, 0, 1]]), sources * [1, 1, -0.25]
    targets = unit_vectors(np.vstack([hub, others]))
    assert (sources @ targets.T).argmax(axis=1).tolist() == [0, 0, 0, 0]
    near = nearness(*stored(sources, targets), 1), nearness(*stored(targets, sources), 4)
    assert csls_nearest(*stored(sources, targets), *near, k=1).rows.ravel().tolist() == [1, 2, 3, 4]

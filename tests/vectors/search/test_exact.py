import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedkit import InputError
from embedkit.vectors.search import exact
from embedkit.vectors.search.exact import nearest, top_rows

small = st.integers(-3, 3).map(float)  # products of small integers are exact, so ties are real ties


@st.composite
def searches(draw):
    rows, queries, size = draw(st.integers(1, 40)), draw(st.integers(0, 9)), draw(st.integers(1, 3))
    matrix = draw(arrays(np.float32, (rows, size), elements=small))
    targets = draw(arrays(np.float32, (queries, size), elements=small))
    excluded = draw(st.none() | arrays(np.int64, (queries, 2), elements=st.integers(-1, rows - 1)))
    return matrix, targets, draw(st.integers(1, 45)), excluded


def by_sorting(matrix, target, k, excluded):
    """The first k rows by descending product, ties by row: the definition."""
    scores = matrix @ target
    order = [row for row in np.lexsort((np.arange(len(matrix)), -scores)) if row not in excluded][:k]
    return order, scores[order].tolist()


@pytest.mark.parametrize(("rows", "table", "scores"), [(1, 1, 1), (3, 8, 7), (256, 1 << 22, 1 << 20)])
@settings(max_examples=150)
@given(searches())
def test_top_k_is_a_sort_whatever_the_blocks(rows, table, scores, given_search):
    matrix, targets, k, excluded = given_search
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exact, "ROWS", rows)
        patch.setattr(exact, "TABLE", table)
        patch.setattr(exact, "SCORES", scores)
        patch.setattr(exact, "QUERIES", 4)
        found = nearest(matrix, targets, k, excluded)
    for query, target in enumerate(targets):
        left_out = [] if excluded is None else excluded[query].tolist()
        expected, values = by_sorting(matrix, target, k, left_out)
        answered = found.rows[query] >= 0
        assert found.rows[query][answered].tolist() == expected
        assert found.scores[query][answered].tolist() == values
        assert np.isneginf(found.scores[query][~answered]).all()


def test_small_blocks_find_what_one_product_finds(random_space, monkeypatch):
    unit = random_space.unit_matrix
    whole = nearest(unit, unit, 7)
    monkeypatch.setattr(exact, "ROWS", 16)
    monkeypatch.setattr(exact, "TABLE", 1)
    blocks = nearest(unit, unit, 7)
    np.testing.assert_array_equal(whole.rows, blocks.rows)
    np.testing.assert_allclose(whole.scores, blocks.scores, atol=1e-6)


def test_one_query_at_a_time_finds_what_a_batch_finds(random_space):
    unit = random_space.unit_matrix
    batch = nearest(unit, unit[:20], 5)
    for query in range(20):
        np.testing.assert_array_equal(nearest(unit, unit[query : query + 1], 5).rows[0], batch.rows[query])


def test_combined_scores_of_several_products():
    matrix = np.eye(3, dtype=np.float32)
    basis = np.array([[1, 2, 3], [3, 3, 0]], np.float32)
    found = top_rows(matrix, basis, 2, lambda table, queries: (table[:1] * table[1:])[queries], queries=1)
    assert found.rows.tolist() == [[1, 0]]
    assert found.scores.tolist() == [[6, 3]]


def test_no_answer_asked_for():
    with pytest.raises(InputError, match="expected top to be a whole number of at least 1, got 0"):
        nearest(np.eye(2, dtype=np.float32), np.eye(2, dtype=np.float32), 0)

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedkit import InputError
from embedkit.vectors.rows import ROW_TYPES, StoredRows
from embedkit.vectors.search import exact
from embedkit.vectors.search import nearest as choice
from embedkit.vectors.search.nearest import nearest, searched_rows

small = st.integers(-3, 3).map(float)  # cosines of small integers are equal or far apart


@st.composite
def searches(draw):
    rows, queries, size = draw(st.integers(1, 40)), draw(st.integers(0, 9)), draw(st.integers(1, 3))
    matrix = draw(arrays(np.float32, (rows, size), elements=small))
    targets = draw(arrays(np.float32, (queries, size), elements=small))
    excluded = draw(st.none() | arrays(np.int64, (queries, 2), elements=st.integers(-1, rows - 1)))
    listed = st.lists(st.integers(0, rows - 1), min_size=1).map(np.array)
    candidates = draw(st.none() | st.integers(1, 50) | listed)
    stored = StoredRows.of(matrix, draw(st.sampled_from(ROW_TYPES)))
    exclude = draw(st.none() | st.sets(st.integers(0, rows - 1)).map(lambda ids: np.array([*ids], np.int64)))
    return stored, targets, draw(st.integers(1, 45)), excluded, candidates, exclude


def cosines(rows, target):
    """The cosines (V,) of a target with all rows, by definition, to as many digits as tell them apart."""
    matrix, target = rows.block(slice(None)).astype(float), target.astype(float)
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(target)
    return (matrix @ target / np.where(lengths > 0, lengths, 1)).round(5)


def searched(count, candidates):
    """The rows that may answer."""
    return set(range(count)[:candidates] if candidates is None or np.isscalar(candidates) else candidates)


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize(("rows", "table", "scores"), [(1, 1, 1), (3, 8, 7), (256, 1 << 22, 1 << 20)])
@settings(max_examples=100, deadline=None)
@given(searches())
def test_top_k_is_a_sort_whatever_the_way(few, rows, table, scores, given_search):
    stored, targets, k, excluded, candidates, exclude = given_search
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choice, "FEW", few)
        patch.setattr(exact, "ROWS", rows)
        patch.setattr(exact, "TABLE", table)
        patch.setattr(exact, "SCORES", scores)
        patch.setattr(choice, "QUERIES", 4)
        found = nearest(stored, targets, k, excluded, candidates, exclude)
    for query, target in enumerate(targets):
        expected = cosines(stored, target)
        allowed = searched(len(stored), candidates) - set([] if excluded is None else excluded[query])
        allowed -= set([] if exclude is None else exclude)
        answers = found.rows[query][found.rows[query] >= 0]
        assert set(answers) <= allowed
        assert len(set(answers)) == len(answers) == min(k, len(allowed))
        np.testing.assert_allclose(found.scores[query][: len(answers)], expected[answers], atol=2e-5)
        assert expected[answers].tolist() == sorted(expected[list(allowed)], reverse=True)[:k]
        assert np.isneginf(found.scores[query][len(answers) :]).all()


@pytest.mark.parametrize("few", [0, 100])
def test_equal_rows_answer_in_their_order(few, monkeypatch):
    monkeypatch.setattr(choice, "FEW", few)
    generator = np.random.default_rng(0)
    rows = StoredRows(np.tile(generator.normal(size=(20, 37)).astype(np.float32), (50, 1)))
    found = nearest(rows, rows.take(np.arange(3)), 75)
    for query in range(3):
        assert found.rows[query, :50].tolist() == list(range(query, 1000, 20))
        assert (np.diff(found.rows[query, 50:]) == 20).all()


def test_small_blocks_find_what_one_product_finds(random_space, monkeypatch):
    rows = random_space.stored
    whole = nearest(rows, random_space.matrix, 7)
    monkeypatch.setattr(exact, "ROWS", 16)
    monkeypatch.setattr(exact, "TABLE", 1)
    blocks = nearest(rows, random_space.matrix, 7)
    np.testing.assert_array_equal(whole.rows, blocks.rows)
    np.testing.assert_allclose(whole.scores, blocks.scores, atol=1e-6)


def test_one_query_at_a_time_finds_what_a_batch_finds(random_space):
    rows, targets = random_space.stored, random_space.matrix[:20]
    batch = nearest(rows, targets, 5)
    for query in range(20):
        np.testing.assert_array_equal(nearest(rows, targets[[query]], 5).rows[0], batch.rows[query])


def test_scores_of_one_query_are_rounded_once(random_space):
    target = random_space.matrix[7].astype(float)
    found = nearest(random_space.stored, target[None], 500)
    exact_cosines = random_space.matrix.astype(float) @ (target / np.linalg.norm(target))
    exact_cosines /= np.linalg.norm(random_space.matrix.astype(float), axis=1)
    np.testing.assert_allclose(found.scores[0], exact_cosines[found.rows[0]], atol=2e-7)


def test_no_answer_asked_for(random_space):
    with pytest.raises(InputError, match="expected top to be a whole number of at least 1, got 0"):
        nearest(random_space.stored, random_space.matrix[:1], 0)


@pytest.mark.parametrize("candidates", [np.array([], np.int64), np.array([3, 500]), np.array([-1])])
def test_candidates_that_there_are_not(random_space, candidates):
    with pytest.raises(InputError, match="expected candidates among the rows 0 to 499"):
        nearest(random_space.stored, random_space.matrix[:1], 1, candidates=candidates)


def test_rows_that_answer_no_query_cost_once():
    """As 499 numbers for each of 500,000 queries they would take 2 GB."""
    own, shared = np.zeros((500_000, 0), np.int64), np.arange(499)
    which, places = searched_rows(None, 500, own, shared)
    assert (which.tolist(), places.shape) == ([499], (500_000, 0))
    few, places = searched_rows(None, 500, own[:1], shared)
    assert (few, places.tolist()) == (slice(0, 500), [shared.tolist()])

import numpy as np
import pytest

from embedkit.vectors.norms import unit_vectors
from embedkit.vectors.rows import ROW_TYPES, StoredRows
from embedkit.vectors.search import sketch
from embedkit.vectors.search.nearest import nearest
from embedkit.vectors.search.scan import cosines
from embedkit.vectors.search.sketch import sketch_of

SIZE = 50


@pytest.fixture
def always(monkeypatch):
    """Scans are compiled from the second on, however few rows there are."""
    monkeypatch.setattr(sketch, "LEAST", 0)
    monkeypatch.setattr(sketch, "PART", 1 << 10)
    monkeypatch.setattr(sketch, "_cost", lambda rows: 0)


def matrices():
    """Rows of all kinds: even, of heavy tails, of far different lengths, zero, equal, nearly equal."""
    generator = np.random.default_rng(3)
    normal = generator.normal(size=(1003, SIZE))
    yield "normal", normal
    yield "heavy tails", generator.standard_t(1.5, (1003, SIZE))
    yield "lengths", normal * 10.0 ** generator.integers(-4, 4, (1003, 1))
    yield "one direction", 1 + normal * 1e-4
    yield "zero and equal", np.where(np.arange(1003)[:, None] % 3 > 0, normal[np.arange(1003) % 100], 0)


@pytest.mark.parametrize("dtype", ROW_TYPES)
@pytest.mark.parametrize(("name", "matrix"), list(matrices()))
def test_no_cosine_is_farther_off_than_the_bound(dtype, name, matrix):
    rows = StoredRows.of(matrix.astype(np.float32), dtype)
    made, targets = sketch_of(rows), unit_vectors(np.vstack([matrix[:5], np.eye(SIZE)[:3]]))
    for target in targets:
        errors = np.abs(made.scan(target) - cosines(rows, np.arange(len(rows)), target))
        assert (errors <= made.bounds).all()


@pytest.mark.parametrize("dtype", ROW_TYPES)
@pytest.mark.parametrize(("name", "matrix"), list(matrices()))
@pytest.mark.parametrize("candidates", [None, 600, np.arange(1, 1003, 2), np.array([5, 9, 1])])
def test_the_answer_is_the_same_to_the_last_bit(always, dtype, name, matrix, candidates):
    rows = StoredRows.of(matrix.astype(np.float32), dtype)
    for k, row in ((1, 0), (10, 7), (700, 8)):
        target, excluded = rows.take(np.array([row])), np.array([[row, -1]])
        plain = nearest(StoredRows(rows.values, rows.scales), target, k, excluded, candidates)
        _ = nearest(rows, target, k)
        scanned = nearest(rows, target, k, excluded, candidates)
        np.testing.assert_array_equal(scanned.rows, plain.rows)
        np.testing.assert_array_equal(scanned.scores, plain.scores)
    assert rows in sketch._sketches


def test_extreme_lengths(always):
    matrix = np.random.default_rng(1).normal(size=(300, SIZE)) * 10.0 ** np.linspace(-44, 36, 300)[:, None]
    rows = StoredRows(matrix.astype(np.float32))
    target = np.random.default_rng(2).normal(size=(1, SIZE))
    plain = nearest(rows, target, 20)
    assert np.isfinite(plain.scores).all()
    np.testing.assert_array_equal(nearest(rows, target, 20).rows, plain.rows)


def test_a_sketch_is_made_when_scans_have_taken_as_long(random_space, monkeypatch):
    monkeypatch.setattr(sketch, "LEAST", 0)
    monkeypatch.setattr(sketch, "MIN_SIZE", 1)
    rows, target = random_space.stored, random_space.matrix[:1]
    monkeypatch.setattr(sketch, "_cost", lambda rows: 1000)
    for _ in range(3):
        nearest(rows, target, 1)
    assert rows not in sketch._sketches
    made = []
    monkeypatch.setattr(sketch, "_cost", lambda rows: 0)
    monkeypatch.setattr(
        sketch, "sketch_of", lambda rows: made.append(rows) or sketch.Sketch(rows.values, rows.factors, 1.0)
    )
    monkeypatch.setattr(sketch.Sketch, "scan", lambda self, target: self.values @ target * self.factors)
    for _ in range(3):
        nearest(rows, target, 1)
    assert made == [rows]


def test_a_copy_takes_no_more_than_a_byte_a_number():
    made = sketch_of(StoredRows(np.random.default_rng(0).normal(size=(100, SIZE)).astype(np.float32)))
    assert made.values.dtype == np.int8
    assert made.bounds.max() < 0.03


def test_rows_without_a_compiled_scan(random_space, always):
    rows, target = random_space.stored, random_space.matrix[:1]
    first = nearest(rows, target, 3)  # 12 numbers are too few for the kernels
    np.testing.assert_array_equal(nearest(rows, target, 3).rows, first.rows)
    assert rows not in sketch._sketches

"""The principal plane of vectors, and points in a frame."""

import numpy as np
import pytest

from embedkit.maps.plane import framed, principal_plane, unit_vectors_of
from embedkit.vectors.rows import StoredRows


def stored(*rows):
    return StoredRows(np.array(rows, np.float32))


def test_a_plane_in_space_is_found_whatever_way_it_is_turned():
    rng = np.random.default_rng(1)
    flat = np.stack([9 * rng.standard_normal(200), rng.standard_normal(200)], axis=1)
    turn, _ = np.linalg.qr(rng.standard_normal((5, 5)))
    shown = principal_plane(StoredRows((flat @ turn[:2]).astype(np.float32)))
    centered = flat - flat.mean(axis=0)
    assert np.linalg.norm(shown, axis=1) == pytest.approx(np.linalg.norm(centered, axis=1), rel=1e-4)
    assert shown[:, 0].var() > shown[:, 1].var()


def test_other_rows_give_the_plane():
    shown = principal_plane(
        stored([0, 0, 5], [1, 2, 3]), stored([3, 0, 0], [-3, 0, 0], [0, 1, 0], [0, -1, 0])
    )
    assert shown.tolist() == [[0, 0], [1, 2]]


@pytest.mark.parametrize("rows", [[[2.0]], [[1.0], [3.0]], [[0.0, 0.0]], [[1.0, 2.0], [1.0, 2.0]]])
def test_few_rows_and_few_dimensions_have_points(rows):
    shown = framed(principal_plane(unit_vectors_of(stored(*rows))))
    assert shown.shape == (len(rows), 2)
    assert np.isfinite(shown).all()


def test_one_point_far_off_does_not_make_the_others_a_dot():
    points = np.random.default_rng(1).uniform(-1, 1, (1000, 2)).astype(np.float32)
    points[0] = 1e6
    assert np.abs(framed(points)[1:]).max() == pytest.approx(1, abs=0.1)


def test_a_frame_keeps_angles():
    square = framed(np.array([[0, 0], [0, 4], [2, 0]], np.float32))
    assert np.ptp(square[:, 1]) == pytest.approx(2 * np.ptp(square[:, 0]))

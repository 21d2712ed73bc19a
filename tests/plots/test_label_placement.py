"""Labels beside their points: none overlaps another or a point where there is room."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.plots.label_placement import POINT, far, place_labels

NONE = np.empty((0, 2))


def boxes(centers, sizes):
    return np.concatenate([centers - sizes / 2, centers + sizes / 2], axis=1)


def overlaps(one, other):
    return bool(((np.minimum(one[2:], other[2:]) - np.maximum(one[:2], other[:2])) > 1e-9).all())


@given(st.integers(1, 40), st.integers(0, 9))
def test_labels_with_room_overlap_nothing(count, seed):
    random = np.random.default_rng(seed)
    area = np.array([0.0, 0, 1500, 1500])
    points = random.uniform(200, 1300, (count, 2))
    sizes = random.uniform([10, 8], [90, 12], (count, 2))
    found = boxes(place_labels(points, sizes, area, NONE), sizes)
    dots = np.concatenate([points - POINT, points + POINT], axis=1)
    for place, box in enumerate(found):
        assert not any(overlaps(box, other) for other in found[:place])
        assert not any(overlaps(box, dot) for dot in dots)
        assert (box[:2] >= area[:2]).all()
        assert (box[2:] <= area[2:]).all()


def test_many_words_at_one_point_are_parted():
    points, sizes = np.full((12, 2), 500.0), np.full((12, 2), (60.0, 10.0))
    found = place_labels(points, sizes, np.array([0.0, 0, 1000, 1000]), NONE)
    shown = boxes(found, sizes)
    assert not any(overlaps(one, other) for place, one in enumerate(shown) for other in shown[:place])
    joined = far(points, found, sizes)
    assert not joined[0]
    assert joined[-1]


def test_labels_stay_inside_and_off_obstacles():
    points, sizes = np.array([[100.0, 50]]), np.array([[40.0, 10]])
    at_the_edge = place_labels(points, sizes, np.array([0.0, 0, 104, 100]), NONE)
    assert at_the_edge[0, 0] < 100
    [[x, _]] = place_labels(points, sizes, np.array([0.0, 0, 300, 100]), np.array([[130.0, 50]]))
    assert x != pytest.approx(126)


def test_labels_without_room_are_placed_all_the_same():
    found = place_labels(np.full((50, 2), 10.0), np.full((50, 2), 30.0), np.array([0.0, 0, 40, 40]), NONE)
    assert np.isfinite(found).all()

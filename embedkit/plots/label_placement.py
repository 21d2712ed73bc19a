"""Places of labels beside their points, where they overlap neither one another nor any point.

Labels are placed one after the other, each at the first free one of places that go around its point in wider
and wider rings; where none is free, at the one that covers least. So labels that have room never overlap, the
same picture comes out every time, and a thousand labels take a second, where adjustText, which pushes
labels apart in steps, leaves some on points and takes minutes.
"""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Bools1d, Doubles1d, Doubles2d

GAPS = (6, 9, 14, 21, 30, 42, 58, 78, 104, 140)  # between a point and its label, in points (1/72 inch)
DIRECTIONS = np.deg2rad([0, 45, 90, 135, 180, 225, 270, 315, 22, 67, 112, 157, 202, 247, 292, 337])
POINT = 4.0  # points that a point of the picture takes to each side
SPARE = 1.5  # points between two labels


def place_labels(points: Doubles2d, sizes: Doubles2d, area: Doubles1d, obstacles: Doubles2d) -> Doubles2d:
    """The centers of labels, (n, 2), all in the same unit, 1/72 inch.

    Args:
        points: what is labeled, (n, 2).
        sizes: the width and the height of each label, (n, 2).
        area: left, bottom, right and top of what labels stay in.
        obstacles: more points that labels shall not cover, (m, 2).

    Example:
        >>> import numpy as np
        >>> area = np.array([0.0, 0, 100, 100])
        >>> place_labels(np.array([[50.0, 50]]), np.array([[20.0, 10]]), area, np.empty((0, 2)))
        array([[66., 50.]])
    """
    avoided = np.concatenate([points, obstacles])
    taken = np.concatenate([avoided - POINT, avoided + POINT], axis=1)  # boxes: left, bottom, right, top
    ways = np.stack([np.cos(DIRECTIONS), np.sin(DIRECTIONS)], axis=1)
    centers = np.empty_like(points)
    for place, (point, size) in enumerate(zip(points, sizes, strict=True)):
        lowest = np.inf
        for gap in GAPS:
            tried = point + ways * (gap + size / 2)
            boxes = np.concatenate([tried - size / 2, tried + size / 2], axis=1)
            cost = _covered(boxes, taken) + _outside(boxes, area)
            if cost.min() < lowest:
                best = cost.argmin()
                lowest, centers[place], box = cost[best], tried[best], boxes[best]
            if not lowest:
                break
        taken = np.concatenate([taken, [box + SPARE * np.array([-1, -1, 1, 1])]])
    return centers


def far(points: Doubles2d, centers: Doubles2d, sizes: Doubles2d) -> Bools1d:
    """Which labels stand so far from their points that a line should join them, (n,)."""
    apart = np.abs(centers - points) - sizes / 2
    return np.asarray(np.hypot(*apart.clip(0).T) > GAPS[1] + 1)


def _covered(boxes: Doubles2d, taken: Doubles2d) -> Doubles1d:
    """The area that each of boxes (k, 4) shares with others (m, 4), (k,)."""
    low = np.maximum(boxes[:, None, :2], taken[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], taken[None, :, 2:])
    return np.asarray((high - low).clip(0).prod(axis=2).sum(axis=1))


def _outside(boxes: Doubles2d, area: Doubles1d) -> Doubles1d:
    """What of each box lies outside the area, weighed so that labels would rather overlap, (k,)."""
    over = (area[:2] - boxes[:, :2]).clip(0) + (boxes[:, 2:] - area[2:]).clip(0)
    return np.asarray(1000 * over.sum(axis=1))

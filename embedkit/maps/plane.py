"""The first map of any vectors, at once: the plane in which they vary most."""

from __future__ import annotations

import numpy as np

from embedkit.arrays import Floats2d
from embedkit.vectors.norms import unit_rows
from embedkit.vectors.rows import StoredRows
from embedkit.vectors.spaces.principal_axes import PrincipalAxes

EDGE = 0.995  # of all points, the share that shall lie within the frame; single ones far off may lie outside


def unit_vectors_of(rows: StoredRows) -> StoredRows:
    """All rows at length 1, as maps take them; zero rows stay zero."""
    return StoredRows(unit_rows(rows.block(slice(None)), rows.norms))


def principal_plane(unit: StoredRows, of: StoredRows | None = None) -> Floats2d:
    """Rows (V, D) on their first two principal axes, or those `of` others, float32 (V, 2).

    Of one dimension the second coordinate is 0.

    Example:
        >>> rows = StoredRows(np.array([[0, 0, 3], [0, 0, -3], [0, 1, 0], [0, -1, 0]], np.float32))
        >>> principal_plane(rows).tolist()
        [[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]]
    """
    found = PrincipalAxes.of(unit if of is None else of)
    axes = found.axes[:, :2]
    points = np.zeros((len(unit), 2), np.float32)
    points[:, : axes.shape[1]] = unit.block(slice(None)) @ axes.astype(np.float32) - found.means @ axes
    return points


def framed(points: Floats2d) -> Floats2d:
    """Points (n, 2) moved and scaled, both axes alike, so that nearly all lie in the square from -1 to 1.

    Example:
        >>> framed(np.array([[0, 0], [10, 5]], np.float32)).tolist()
        [[-1.0, -0.5], [1.0, 0.5]]
    """
    low, high = np.quantile(points, [1 - EDGE, EDGE], axis=0, method="closest_observation")
    half = float((high - low).max()) / 2 or 1.0
    framed_points: Floats2d = ((points - (low + high) / 2) / half).astype(np.float32)
    return framed_points

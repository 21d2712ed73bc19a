"""`neighbor_map`: the map on which neighbors stay near, made by t-SNE or found where it was kept."""

from __future__ import annotations

from pathlib import Path

from embedkit.arrays import Floats2d
from embedkit.maps.cached import KeptMap, fingerprint, keep_map, kept_map
from embedkit.maps.neighborhoods import neighborhoods, neighbors_kept
from embedkit.maps.plane import principal_plane, unit_vectors_of
from embedkit.maps.tsne import SMALLEST, TSNE, Watch
from embedkit.progress import SILENT, Progress
from embedkit.vectors.rows import StoredRows


def neighbor_map(
    rows: StoredRows,
    method: TSNE | None = None,
    *,
    start: Floats2d | None = None,
    beside: Path | None = None,
    progress: Progress = SILENT,
    watch: Watch | None = None,
) -> KeptMap:
    """A map of rows (V, D) by the cosines between them.

    Args:
        rows: what is mapped; few enough for their neighbors to be found exactly, some 100,000.
        method: t-SNE with its parameters; None for the usual ones.
        start: the points that it begins with, (V, 2), such as the map of the same words in other vectors;
            None for the principal plane.
        beside: the file that the rows are of, beside which the map is kept.
        progress: told of both tasks, to find neighbors and to move points.
        watch: given the points while they move.

    Raises:
        DependencyError: openTSNE is not installed.

    Example:
        >>> import numpy as np
        >>> from embedkit.vectors.rows import StoredRows
        >>> neighbor_map(StoredRows(np.eye(3, dtype=np.float32))).points.shape
        (3, 2)
    """
    method = method or TSNE()
    unit = unit_vectors_of(rows)
    if len(rows) < SMALLEST:
        return KeptMap(principal_plane(unit), 1.0)
    key = fingerprint(rows, method, start)
    if kept := kept_map(key, beside):
        return kept
    progress.start("finding neighbors", len(rows))
    near = neighborhoods(unit, min(method.neighbors, len(rows) - 1), progress)
    progress.finish()
    progress.start("t-SNE", method.exaggerated + method.iterations)
    points = method.fit(near, principal_plane(unit) if start is None else start, progress, watch)
    made = KeptMap(points, neighbors_kept(points, near.rows, method.seed))
    progress.finish(f"{made.neighbors_kept:.0%} of neighbors are near on the map")
    keep_map(key, made, beside)
    return made

"""Rows as a page has them: in 8 bits, in as many dimensions as there is room for, with their first map."""

from __future__ import annotations

from typing import Any

import numpy as np

from embedkit.errors import FormatError
from embedkit.explorer.parts import PageParts
from embedkit.maps.plane import framed, principal_plane, unit_vectors_of
from embedkit.vectors.rows import StoredRows


def row_parts(
    prefix: str,
    rows: StoredRows,
    facts: dict[str, Any],
    largest: int | None = None,
    beside: StoredRows | None = None,
) -> PageParts:
    """Rows, factors and the first map as parts whose names begin with `prefix`.

    Args:
        prefix: of the names of parts, and of the facts.
        rows: what is shown.
        facts: what else is told of them.
        largest: how many dimensions there may be; of more, those along which vectors are longest are taken,
            and the facts tell which share of their squared lengths is kept.
        beside: other rows in whose plane these are shown, if the dimensions allow it.

    Raises:
        FormatError: rows with NaN or infinity.
    """
    bad = np.flatnonzero(~np.isfinite(rows.computed_norms()))
    if len(bad):
        raise FormatError(f"the vectors hold NaN or infinity in row {bad[0]}; fix or leave out that row")
    of = None
    if beside is not None and beside.vector_size == rows.vector_size:
        of = unit_vectors_of(beside)
    plane = framed(principal_plane(unit_vectors_of(rows), of))
    small, kept = reduced(rows, largest)
    small = small.astype("int8")
    told = {
        **facts,
        "size": small.vector_size,
        "dimensions": rows.vector_size,
        "variance_kept": kept,
        "shown": len(rows),
    }
    arrays = {f"{prefix}.rows": small.values, f"{prefix}.factors": small.factors, f"{prefix}.pca": plane}
    return PageParts({prefix: told}, arrays)


def reduced(rows: StoredRows, largest: int | None) -> tuple[StoredRows, float]:
    """Rows in at most so many dimensions, at length 1 before, and the share of their squared length kept.

    The directions are those along which they are longest, not centered, so that cosines change least.

    Example:
        >>> rows = StoredRows(np.array([[0, 3, 0], [0, 0, 2]], np.float32))
        >>> small, kept = reduced(rows, 2)
        >>> small.vector_size, kept
        (2, 1.0)
    """
    if largest is None or rows.vector_size <= largest:
        return rows, 1.0
    unit = unit_vectors_of(rows).values
    squares, axes = np.linalg.eigh(unit.T.astype(np.float64) @ unit)
    kept = float(squares[-largest:].sum() / squares.sum()) if squares.any() else 1.0
    return StoredRows(unit @ axes[:, ::-1][:, :largest].astype(np.float32)), kept

"""Where to work: on this machine, with so many workers, or on a cluster, which has its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from embedkit.errors import InputError

if TYPE_CHECKING:
    from embedkit.cluster.cluster import Cluster


def refuse_workers(cluster: Cluster | None, workers: int | None) -> None:
    """Raise `InputError` if both a cluster and a number of workers of this machine are asked for."""
    if cluster is not None and workers is not None:
        raise InputError("workers cannot apply to a cluster, which has its own; leave workers out")

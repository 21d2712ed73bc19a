"""Addresses of clusters."""

from __future__ import annotations

import re

from embedkit.cluster.engine import Engine
from embedkit.errors import InputError

MAX_LOCAL = 1024  # worker processes on one machine
_LOCAL = re.compile(r"local:(\d{1,9})")
_RAY = re.compile(r"auto|(ray://)?(\[[0-9a-fA-F:.]+\]|[\w.-]+):\d{1,5}")


def engine_at(address: str) -> Engine:
    """The engine at an address; see `Cluster.connect`."""
    if local := _LOCAL.fullmatch(address):
        workers = int(local[1])
        if not 1 <= workers <= MAX_LOCAL:
            raise InputError(f"cluster {address!r}: from local:1 to local:{MAX_LOCAL}")
        from embedkit.cluster.local_engine import LocalEngine

        return LocalEngine(workers)
    if _RAY.fullmatch(address) and not address.startswith("local:"):
        from embedkit.cluster.ray_engine import RayEngine

        return RayEngine(address)
    raise InputError(
        f"unknown cluster {address!r}; name local:N for N worker processes on this machine, or a running Ray "
        "cluster: auto, HOST:PORT or ray://HOST:PORT"
    )

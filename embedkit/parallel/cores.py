"""The number of cores that this process may use."""

from __future__ import annotations

import os
from functools import cache
from math import ceil
from pathlib import Path

CGROUPS = Path("/sys/fs/cgroup")
OWN_CGROUP = Path("/proc/self/cgroup")


def available_cores() -> int:
    """The cores this process may use: those it may run on, or fewer if its control group allows less time."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux has it
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    quota = cpu_quota()
    return cores if quota is None else max(1, min(cores, ceil(quota)))


@cache
def cpu_quota() -> float | None:
    """The cores' worth of time that Linux's control groups (version 2) allow; None without a limit.

    A group is bound by its own limit and by those of all groups around it.
    """
    try:
        line = next(line for line in OWN_CGROUP.read_text().splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        return None
    group = CGROUPS / line.removeprefix("0::").lstrip("/")
    return min(filter(None, map(_quota, (group, *group.parents))), default=None)


def _quota(group: Path) -> float | None:
    """The limit of one group: its cpu.max holds "150000 100000", or "max 100000" for none."""
    try:
        quota, period = (group / "cpu.max").read_text().split()
        return float(quota) / float(period)
    except (OSError, ValueError):
        return None

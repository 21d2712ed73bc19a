import os

import pytest

from embedkit.parallel import cores
from embedkit.parallel.cores import available_cores


@pytest.fixture(autouse=True)
def no_limits(tmp_path, monkeypatch):
    """The control group /a/b, whose limits a test writes."""
    (tmp_path / "groups/a/b").mkdir(parents=True)
    (tmp_path / "own").write_text("4:memory:/elsewhere\n0::/a/b\n")
    monkeypatch.setattr(cores, "CGROUPS", tmp_path / "groups")
    monkeypatch.setattr(cores, "OWN_CGROUP", tmp_path / "own")
    cores.cpu_quota.cache_clear()
    yield
    cores.cpu_quota.cache_clear()


def test_no_more_than_there_are():
    assert 1 <= available_cores() <= os.cpu_count()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="affinity is Linux's")
def test_affinity_counts(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3, 5})
    assert available_cores() == 3


def test_systems_without_affinity(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert available_cores() == 7


@pytest.mark.parametrize(
    ("own", "around", "expected"),
    [
        ("max 100000", "max 100000", 8),
        ("150000 100000", "max 100000", 2),
        ("400000 100000", "300000 100000", 3),
        ("5000 100000", "max 100000", 1),
        ("1600000 100000", "max 100000", 8),
        ("nonsense", "max 100000", 8),
    ],
)
def test_limits_of_control_groups(tmp_path, monkeypatch, own, around, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    (tmp_path / "groups/a/b/cpu.max").write_text(own)
    (tmp_path / "groups/a/cpu.max").write_text(around)
    assert available_cores() == expected


def test_no_control_groups(monkeypatch, tmp_path):
    monkeypatch.setattr(cores, "OWN_CGROUP", tmp_path / "none")
    assert cores.cpu_quota() is None

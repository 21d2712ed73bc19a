"""Compiled code on disk: damaged files are made anew, and it need not be kept."""

import subprocess
import sys

import pytest

from embedkit.errors import InputError
from embedkit.simd.compiling import check_compiler

MODULE = """
from embedkit.simd.compiling import compiled

@compiled()
def double(x):
    return x + x

print(double(21), sum(double.stats.cache_hits.values()))
"""


def run(folder, **options):
    command = [sys.executable, "-c", "import kernel"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, **options)
    assert ran.stderr == ""
    return ran.stdout.split()


@pytest.mark.slow
def test_a_damaged_cache_is_made_anew(tmp_path):
    (tmp_path / "kernel.py").write_text(MODULE)
    assert run(tmp_path) == ["42", "0"]
    for kind, kept in (("*.nbi", 0), ("*.nbc", -20)):
        [path] = (tmp_path / "__pycache__").glob(kind)
        path.write_bytes(path.read_bytes()[:kept])
        assert run(tmp_path) == ["42", "0"]
    assert run(tmp_path) == ["42", "1"]


def test_a_kernel_that_cannot_be_kept_runs(tmp_path):
    resource = pytest.importorskip("resource")
    (tmp_path / "kernel.py").write_text(MODULE)
    full = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # noqa: E731
    assert run(tmp_path, preexec_fn=full) == ["42", "0"]
    assert run(tmp_path) == ["42", "0"]


def test_kernels_that_cannot_run_uncompiled_say_so(monkeypatch):
    check_compiler()
    monkeypatch.setattr("numba.config.DISABLE_JIT", 1)
    with pytest.raises(InputError, match="NUMBA_DISABLE_JIT is set"):
        check_compiler()

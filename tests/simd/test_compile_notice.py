"""Kernels of a fresh process: what is compiled is announced, and a cache is used where there can be one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import embedkit
from embedkit.vectors.formats.compile_notice import NOTICE

READ = "import embedkit; print(embedkit.load('v.txt')['the'])"


@pytest.fixture
def read(tmp_path):
    """Reads v.txt with a copy of the package in another process; returns what it says on stderr."""
    shutil.copytree(Path(embedkit.__file__).parent, tmp_path / "embedkit", ignore=lambda *_: ["__pycache__"])
    (tmp_path / "v.txt").write_text("the 1 2\nof 3 4\n")

    def read(**variables):
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
        ran = subprocess.run(
            [sys.executable, "-B", "-c", READ],
            cwd=tmp_path,
            env={**inherited, "PYTHONPATH": str(tmp_path), **variables},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout == "[1. 2.]\n"
        return ran.stderr

    return read


def test_compiling_is_announced_once(read):
    assert NOTICE in read()
    assert read() == ""


def test_no_place_for_a_cache(read, tmp_path):
    for folder in (tmp_path / "embedkit").rglob("*/"):
        (folder / "__pycache__").touch()  # a file: no folder of this name can be made
    (tmp_path / "home").touch()
    home = str(tmp_path / "home" / "none")
    assert NOTICE in read(HOME=home, XDG_CACHE_HOME=home)

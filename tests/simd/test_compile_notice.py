"""Kernels of a fresh process: what is compiled is announced, and a cache is used where there can be one."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import embedkit
from embedkit.simd.compiling import COMPILING as TRAINING
from embedkit.vectors.formats.text_rows import COMPILING

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
    assert COMPILING in read()
    assert read() == ""


def test_no_place_for_a_cache(read, tmp_path):
    for folder in (tmp_path / "embedkit").rglob("*/"):
        (folder / "__pycache__").touch()  # a file: no folder of this name can be made
    (tmp_path / "home").touch()
    home = str(tmp_path / "home" / "none")
    assert COMPILING in read(HOME=home, XDG_CACHE_HOME=home)


def test_only_what_compiles_is_announced(tmp_path):
    """Slow reading of kernels from disk is no compiling."""
    (tmp_path / "kernels.py").write_text(
        textwrap.dedent("""
            from embedkit.simd.compiling import compiled

            @compiled()
            def double(number):
                return 2 * number
        """)
    )
    code = textwrap.dedent("""
        import time
        from numba.core.caching import Cache
        from embedkit.simd.compiling import COMPILING, announced
        from kernels import double

        load = Cache.load_overload
        Cache.load_overload = lambda *arguments: time.sleep(0.6) or load(*arguments)
        with announced(print):
            double(1)
            double(1.5)
        with announced(print):
            double(2)
    """)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    assert said == [f"{TRAINING}\n", ""]

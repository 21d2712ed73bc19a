"""Kernels of a fresh process: what is compiled is announced, and a cache is used where there can be one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import embedkit
from embedkit.simd.compiling import COMPILING as TRAINING
from embedkit.vectors.formats.row_loops import COMPILING

PACKAGE = Path(embedkit.__file__).parent
READ = """
import embedkit
from embedkit.vectors.formats import text_rows
text_rows.PURE_PYTHON_BYTES = 0
print(embedkit.load("v.txt")["the"])
"""
KERNELS = """
from embedkit.simd.compiling import compiled

@compiled()
def double(number):
    return 2 * number
"""
CALL = """
import time
from numba.core.caching import Cache
from embedkit.simd.compiling import announced
from kernels import double

load = Cache.load_overload
Cache.load_overload = lambda *arguments: time.sleep(0.6) or load(*arguments)
with announced(print):
    print(double(1))
    double(1.5)
with announced(print):
    double(2)
"""


def printed(folder, code, path, **variables):
    """What a program prints in another process, and what it writes on stderr."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    environment = {**inherited, "PYTHONPATH": os.pathsep.join(path), **variables}
    ran = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout, ran.stderr


def test_compiling_is_announced_once(tmp_path):
    """A copy of the package has nothing compiled to begin with."""
    shutil.copytree(PACKAGE, tmp_path / "embedkit", ignore=lambda *_: ["__pycache__"])
    (tmp_path / "v.txt").write_text("the 1 2\nof 3 4\n")
    (said, first), again = (printed(tmp_path, READ, [str(tmp_path)]) for _ in range(2))
    assert said == "[1. 2.]\n"
    assert COMPILING in first
    assert again == (said, "")


def test_only_what_compiles_is_announced(tmp_path):
    """Slow reading of kernels from disk is no compiling."""
    (tmp_path / "kernels.py").write_text(KERNELS)
    said = [printed(tmp_path, CALL, [str(tmp_path), *sys.path]) for _ in range(2)]
    assert said == [(f"{TRAINING}\n2\n", ""), ("2\n", "")]


def test_no_place_for_a_cache(tmp_path):
    (tmp_path / "kernels.py").write_text(KERNELS)
    (tmp_path / "__pycache__").touch()  # a file: no folder of this name can be made
    (tmp_path / "home").touch()
    home = str(tmp_path / "home" / "none")
    said = printed(tmp_path, CALL, [str(tmp_path), *sys.path], HOME=home, XDG_CACHE_HOME=home)
    assert said == (f"{TRAINING}\n2\n", "")
    cached = {path.name for path in PACKAGE.rglob("*.py") if "cache=True" in path.read_text()}
    assert cached == {"compiling.py"}  # no kernel insists on a cache by itself


def test_what_needs_a_compiler_says_so_where_it_is_forbidden(tmp_path):
    code = (
        "import embedkit\n"
        "try:\n"
        "    embedkit.Word2Vec(min_count=1).train([['the', 'cat']] * 9)\n"
        "except embedkit.EmbedkitError as error:\n"
        "    print(error)\n"
    )
    said = printed(tmp_path, code, sys.path, NUMBA_DISABLE_JIT="1")
    assert said == (
        "NUMBA_DISABLE_JIT is set, and this needs kernels that no interpreter can run; unset it\n",
        "",
    )

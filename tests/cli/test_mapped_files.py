import os
import subprocess
import sys

import numpy as np
import pytest

from embedkit_cli.shared.mapped_files import allow_many_files, cut_files

READ_BEYOND = """
import os, threading, zlib
import numpy as np
from embedkit_cli.shared.mapped_files import guard_mapped_files

guard_mapped_files()
numbers = np.memmap("numbers.bin", np.int64, "r")
os.truncate("numbers.bin", 100)
readers = [threading.Thread(target={read}) for _ in range(4)]
for reader in readers:
    reader.start()
for reader in readers:
    reader.join()
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody cut a mapped file")
@pytest.mark.parametrize("read", ["numbers.max", "lambda: zlib.crc32(numbers.data)"])
def test_a_file_that_is_cut_off_while_it_is_mapped_is_named(tmp_path, read):
    """Read in threads, with and without the lock of the interpreter, of which one tells."""
    np.zeros(10_000, np.int64).tofile(tmp_path / "numbers.bin")
    program = [sys.executable, "-c", READ_BEYOND.format(read=read)]
    ran = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2
    assert ran.stderr.startswith("Error: ")
    assert ran.stderr.count("\n") == 1
    if sys.platform == "linux":
        path = (tmp_path / "numbers.bin").resolve()
        assert ran.stderr == f"Error: {path} was cut off while it was read; make or fetch it again\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such limit")
def test_as_many_files_may_be_open_as_the_user_is_allowed():
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 500), hard))
    try:
        allow_many_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 500
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_file_is_not_cut_where_it_ends_within_a_page_or_has_grown(tmp_path):
    path = tmp_path / "a name with spaces.bin"
    path.write_bytes(bytes(10_000))
    mapped = np.memmap(path, np.uint8, "r")
    assert list(cut_files()) == []
    os.truncate(path, 20_000)
    assert list(cut_files()) == []
    os.truncate(path, 8_192)
    assert list(cut_files()) == [path.resolve()]
    del mapped

"""Temporary files on systems that have the calls of Linux, and on those that lack them."""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from embedkit.training import temporary_files
from embedkit.training.temporary_files import PositionalReader, reserve


@pytest.fixture(params=[True, False], ids=["linux", "elsewhere"])
def system(request, monkeypatch):
    """This system, or one without `os.posix_fallocate` and `os.preadv`."""
    if not request.param:
        monkeypatch.delattr(os, "posix_fallocate", raising=False)
        monkeypatch.delattr(os, "preadv", raising=False)


@pytest.mark.parametrize("size", [1, 4096, 10_001])
def test_room_is_reserved(system, size, monkeypatch):
    monkeypatch.setattr(temporary_files, "BLOCK", 4096)
    with tempfile.TemporaryFile() as stream:
        reserve(stream, size)
        found = os.fstat(stream.fileno())
        assert found.st_size == size
        assert found.st_blocks * 512 >= size  # no hole
        assert not np.memmap(stream, np.uint8, "r").any()


def test_threads_read_what_stands_where_they_ask(system):
    numbers = np.arange(100_000)
    with tempfile.TemporaryFile(buffering=0) as file, ThreadPoolExecutor(4) as threads:
        file.write(numbers.data)
        reader = PositionalReader(file)

        def read(start):
            part = np.empty(50, np.int64)
            reader.fill(part.view(np.uint8).data, start * 8)
            return part

        starts = np.random.default_rng(1).integers(0, len(numbers) - 50, 400).tolist()
        for start, part in zip(starts, threads.map(read, starts), strict=True):
            assert part.tolist() == list(range(start, start + 50))


def test_a_file_that_ends_too_early_is_told(system):
    with tempfile.TemporaryFile(buffering=0) as file:
        file.write(bytes(10))
        with pytest.raises(OSError, match="ends at byte 10 where more was written"):
            PositionalReader(file).fill(memoryview(bytearray(9)), 5)

"""Vectors from pipes and stdin, in every format; errors and warnings name the pipe."""

import io
import os
import signal
import sys
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import numpy as np
import pytest

from embedkit import FormatError, InputError, describe_file, leftovers, load, verify_file
from embedkit.vectors.formats.pipes import as_file

TEXT = b"king 1 2 3\nqueen 4 5 6\n"


@pytest.fixture
def pipe(tmp_path):
    """A named pipe into which content is written once."""
    path = tmp_path / "pipe"
    os.mkfifo(path)

    def filled(content):
        Thread(target=path.write_bytes, args=[content], daemon=True).start()
        return path

    return filled


@pytest.fixture
def stdin(monkeypatch):
    def filled(content, terminal=False):
        stream = SimpleNamespace(buffer=io.BytesIO(content), isatty=lambda: terminal)
        monkeypatch.setattr(sys, "stdin", stream)

    return filled


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("format", ["safetensors", "word2vec-binary", "word2vec", "glove"])
def test_pipes_in_every_format(plane, tmp_path, pipe, format):
    plane.save(tmp_path / "v", format)
    loaded = load(pipe((tmp_path / "v").read_bytes()))
    assert loaded.vocabulary.words == plane.vocabulary.words
    np.testing.assert_array_equal(loaded.matrix, plane.matrix)


@pytest.mark.parametrize("format", ["safetensors", "glove"])
def test_stdin(plane, tmp_path, stdin, format):
    plane.save(tmp_path / "v", format)
    stdin((tmp_path / "v").read_bytes())
    np.testing.assert_array_equal(load("-").matrix, plane.matrix)
    stdin((tmp_path / "v").read_bytes())
    assert describe_file("-") == describe_file(tmp_path / "v")
    stdin((tmp_path / "v").read_bytes())
    assert verify_file("-") == verify_file(tmp_path / "v")


def test_errors_and_warnings_name_stdin(stdin):
    stdin(b"3 3\n" + TEXT)
    with pytest.raises(FormatError, match=r"^stdin: the header promises 3 words, got 2: the file is cut off"):
        load("-")
    stdin(b"man 1 2 nan\n" + TEXT)
    with pytest.raises(FormatError, match=r"^stdin: .*'man'"):
        load("-")
    stdin(TEXT + TEXT)
    with pytest.warns(UserWarning, match="^stdin: 2 repeated words dropped"):
        load("-")


def test_stdin_that_holds_nothing(stdin, monkeypatch):
    stdin(b"")
    with pytest.raises(FormatError, match=r"^stdin: got an empty file; expected vectors in a format"):
        load("-")
    stdin(TEXT, terminal=True)
    with pytest.raises(InputError, match="cannot read vectors from stdin: it is a terminal; name a file"):
        load("-")
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="cannot read vectors from stdin: it is closed; name a file"):
        load("-")


def test_files_are_not_copied(tmp_path):
    path = tmp_path / "v"
    path.write_bytes(TEXT)
    with as_file(path) as file:
        assert file is path


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="the system has no devices")
def test_devices_are_refused():
    with pytest.raises(InputError, match="cannot read /dev/null: it is a device"):
        load("/dev/null")


@pytest.mark.skipif(leftovers.fcntl is None, reason="Windows lets no file go that is open")
def test_the_copy_of_a_killed_run_is_removed_by_the_next(stdin, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if not (child := os.fork()):
        stdin(TEXT)
        with as_file(Path("-")):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert len(list(tmp_path.iterdir())) == 1
    stdin(TEXT)
    with as_file(Path("-")):
        pass
    assert list(tmp_path.iterdir()) == []

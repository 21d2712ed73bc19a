"""Addresses for tests: in memory, and on a server of S3 on this machine."""

import importlib
from importlib.util import find_spec
from itertools import count

import pytest

NO_S3 = pytest.mark.skipif(not (find_spec("moto") and find_spec("s3fs")), reason="moto or s3fs is missing")
NUMBERS = count()


@pytest.fixture(scope="session")
def s3():
    """The address of a bucket, whose server s3fs finds by the environment."""
    fsspec = pytest.importorskip("fsspec")
    server = importlib.import_module("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    patch = pytest.MonkeyPatch()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.setenv(name, "testing")
    patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    fsspec.filesystem("s3").mkdir("bucket")
    yield "s3://bucket"
    patch.undo()
    server.stop()


@pytest.fixture(params=["memory", pytest.param("s3", marks=[pytest.mark.slow, NO_S3])])
def place(request, tmp_path, monkeypatch):
    """The address of a folder that is used by no other test."""
    pytest.importorskip("fsspec")
    monkeypatch.setenv("EMBEDKIT_CACHE", str(tmp_path / "cache"))
    root = request.getfixturevalue("s3") if request.param == "s3" else "memory://root"
    return f"{root}/{next(NUMBERS)}"


def put(address, content):
    with importlib.import_module("fsspec").open(address, "wb") as stream:
        stream.write(content)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}

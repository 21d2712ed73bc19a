"""A server on this machine that sends what a test wants, as badly as it wants."""

import hashlib
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from embedkit.downloads import transfer
from embedkit.downloads.cache import CACHE_VARIABLE
from embedkit.downloads.remote_file import RemoteFile
from embedkit.progress import Progress

DATA = b"tea coffee 3\n" * 20_000


@dataclass
class Served:
    """What is sent for a path, and how.

    `announced` is the Content-Length; the connection ends after `cuts` bytes of an answer, the first of the
    list for the first answer; ranges are ignored or answered wrongly if so wished.
    """

    data: bytes
    announced: int | None = None
    cuts: tuple[int, ...] = ()
    ranges: str = "right"  # or "ignored", "wrong"
    etag: str = '"one"'
    redirect: str | None = None
    slowly: bool = False
    endless: bool = False  # without a Content-Length: until the connection ends


class Handler(BaseHTTPRequestHandler):
    """Serves `server.files`."""

    def do_GET(self):
        begin = int(match[1]) if (match := re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))) else 0
        self.server.asked.append((self.path, begin))
        served = self.server.files.get(self.path)
        if served is None:
            return self.send_error(404)
        if served.redirect:
            self.send_response(302)
            self.send_header("Location", served.redirect)
            return self.end_headers()
        changed = self.headers.get("If-Range", served.etag) != served.etag
        begin = 0 if served.ranges == "ignored" or changed else begin
        if begin >= len(served.data):
            return self.send_error(416)
        self.send_response(206 if begin else 200)
        if begin:
            told = begin + (served.ranges == "wrong")
            self.send_header("Content-Range", f"bytes {told}-{len(served.data) - 1}/{len(served.data)}")
        length = len(served.data) - begin if served.announced is None else served.announced
        if not served.endless:
            self.send_header("Content-Length", str(length))
        self.send_header("ETag", served.etag)
        self.end_headers()
        return self.send(served, served.data[begin:])

    def send(self, served, data):
        if served.cuts:
            data, served.cuts = data[: served.cuts[0]], served.cuts[1:]
        if not served.slowly:
            return self.wfile.write(data)
        for byte in data[:100]:
            time.sleep(0.02)
            try:
                self.wfile.write(bytes([byte]))
            except OSError:  # nobody listens any longer
                break
        return None

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """What is served at which path, and what was asked for: paths and first bytes."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.asked = {}, []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def serve(self, name, data=DATA, **how):
        self.files[f"/{name}"] = Served(data, **how)
        return f"{self.url}/{name}"


class Recorder(Progress):
    """Keeps all reports."""

    def __init__(self):
        self.reports = []

    def start(self, task, total=None):
        self.reports.append((task, total))

    def update(self, completed, figures=""):
        self.reports.append(completed)

    def finish(self, summary=""):
        self.reports.append(summary)


@contextmanager
def running():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server():
    with running() as server:
        yield server


@pytest.fixture
def stopped_server():
    """The url of a server that is gone."""
    with running() as server:
        pass
    return server.url


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The cache."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(transfer, "PAUSES", (0.0,))
    return tmp_path / "cache"


@pytest.fixture
def remote():
    """Makes the description of a file as it was published."""

    def make(url, data=DATA, member=None, checksum="sha256", size=True):
        digest = f"{checksum}:{hashlib.new(checksum, data).hexdigest()}" if checksum else None
        length = len(data) if size else None
        return RemoteFile(url=url, checksum=digest, size=length, license="ours", member=member)

    return make


@pytest.fixture
def data():
    return DATA


@pytest.fixture
def recorder():
    return Recorder()

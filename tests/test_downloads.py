"""Fetching from a server on this machine: what arrives, what is refused, and what is left behind."""

import hashlib
import io
import sys
import threading
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from embedkit import downloads
from embedkit.downloads import CACHE_VARIABLE, CHUNK, RemoteFile, cache_folder, fetch_file, remote_files
from embedkit.errors import DependencyError, FormatError, InputError
from embedkit.progress import Progress

DATA = b"tea coffee 3\n" * 20_000


class Handler(BaseHTTPRequestHandler):
    """Serves `server.files`; a file may be announced longer than it is."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path not in self.server.files:
            return self.send_error(404)
        data, announced = self.server.files[self.path]
        self.send_response(200)
        self.send_header("Content-Length", str(announced))
        self.end_headers()
        if not self.server.slowly:
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
    """What is served at which path, and what was asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.asked, self.slowly = {}, [], False

    def serve(self, name, data, announced=None):
        self.files[f"/{name}"] = data, len(data) if announced is None else announced
        return f"http://127.0.0.1:{self.server_port}/{name}"


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


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The cache."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache"


def remote(url, data=DATA, member=None):
    sha256 = hashlib.sha256(data).hexdigest()
    return RemoteFile(url=url, sha256=sha256, size=len(data), licence="ours", member=member)


def left(folder):
    return sorted(path.name for path in folder.rglob("*"))


def packed(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def test_a_file_is_downloaded_once(server, folder, capfd):
    wanted = remote(server.serve("pairs.txt", DATA))
    first, again = fetch_file(wanted), fetch_file(wanted)
    assert first == again == folder / "pairs.txt"
    assert first.read_bytes() == DATA
    assert server.asked == ["/pairs.txt"]
    assert left(folder) == ["pairs.txt"]
    assert capfd.readouterr() == ("", "")


def test_progress_is_reported(server):
    recorder = Recorder()
    fetch_file(remote(server.serve("pairs.txt", DATA)), recorder)
    task, *counts, summary = recorder.reports
    assert task == ("fetching pairs.txt", 260_000)
    assert counts == sorted(counts)
    assert 0 < counts[0] <= CHUNK
    assert counts[-1] == 260_000
    assert summary == "260,000 bytes"


def test_a_file_put_there_by_hand_is_used_and_a_wrong_one_replaced(server, folder):
    wanted = remote(server.serve("pairs.txt", DATA))
    folder.mkdir()
    (folder / "pairs.txt").write_bytes(DATA)
    fetch_file(wanted)
    assert server.asked == []
    (folder / "pairs.txt").write_bytes(b"damaged")
    assert fetch_file(wanted).read_bytes() == DATA


@pytest.mark.parametrize(
    ("served", "message"),
    [
        (DATA.replace(b"3", b"4"), "not the file that was published: SHA256 hash"),
        (DATA * 2, "expected 260,000 bytes, and more are sent"),
    ],
)
def test_another_file_is_refused_and_not_kept(server, folder, served, message):
    with pytest.raises(FormatError, match=message):
        fetch_file(remote(server.serve("pairs.txt", served)))
    assert left(folder) == []


def test_what_cannot_be_had_says_where_to_put_it(server, folder):
    url = server.serve("pairs.txt", DATA)
    server.files.clear()
    with pytest.raises(InputError, match=rf"cannot fetch {url}: .*put it at {folder}/pairs.txt; .*404"):
        fetch_file(remote(url))
    assert left(folder) == []


def test_a_body_that_ends_early_leaves_nothing(server, folder):
    with pytest.raises(InputError, match="cannot fetch"):
        fetch_file(remote(server.serve("pairs.txt", DATA[:100], announced=len(DATA))))
    assert left(folder) == []


def test_a_server_that_is_gone(folder):
    with running() as server:
        wanted = remote(server.serve("pairs.txt", DATA))
    with pytest.raises(InputError, match="cannot fetch"):
        fetch_file(wanted)
    assert left(folder) == []


def test_an_interrupted_download_leaves_nothing(server, folder):
    class Interrupted(Progress):
        def update(self, completed, figures=""):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_file(remote(server.serve("pairs.txt", DATA)), Interrupted())
    assert left(folder) == []


def test_a_cache_that_is_no_folder(server, folder):
    folder.write_text("a file")
    with pytest.raises(InputError, match="cannot fetch"):
        fetch_file(remote(server.serve("pairs.txt", DATA)))


def test_one_member_of_an_archive(server, folder):
    data = packed(**{"set/pairs.txt": "tea coffee 3", "../../evil.txt": "no", "set/readme": "other"})
    wanted = remote(server.serve("set.zip", data), data, "set/pairs.txt")
    assert fetch_file(wanted).read_text() == "tea coffee 3"
    (folder / "pairs.txt").write_text("cut")
    assert fetch_file(wanted).read_text() == "tea coffee 3"
    assert left(folder) == ["pairs.txt", "set.zip"]


def test_a_member_that_points_elsewhere_lands_in_the_cache(server, folder, tmp_path):
    data = packed(**{"../../evil.txt": "harmless here"})
    assert fetch_file(remote(server.serve("set.zip", data), data, "../../evil.txt")) == folder / "evil.txt"
    assert left(tmp_path) == ["cache", "evil.txt", "set.zip"]


@pytest.mark.parametrize(
    ("data", "told"),
    [(b"no archive", "File is not a zip file"), (packed(other="text"), "no item named 'pairs'")],
)
def test_an_archive_that_is_none_or_lacks_the_member(server, folder, data, told):
    with pytest.raises(FormatError, match=rf"set.zip: expected a zip archive that holds 'pairs': .*{told}"):
        fetch_file(remote(server.serve("set.zip", data), data, "pairs"))
    assert left(folder) == ["set.zip"]


def test_a_server_that_sends_a_byte_at_a_time(server, folder, monkeypatch):
    monkeypatch.setattr(downloads, "PATIENCE", 0.1)
    server.slowly = True
    with pytest.raises(InputError, match=r"cannot fetch .*; the cause: \d+ bytes in 0 s are too slow"):
        fetch_file(remote(server.serve("pairs.txt", DATA)))
    assert left(folder) == []


def test_without_pooch_the_extra_is_named(monkeypatch, folder):
    monkeypatch.setitem(sys.modules, "pooch", None)
    with pytest.raises(DependencyError, match=r"pip install 'embedkit\[download\]'"):
        fetch_file(remote("http://127.0.0.1/pairs.txt"))


def test_the_cache_is_the_platforms_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv(CACHE_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder().name == "embedkit"


def test_the_list_of_files():
    entries = remote_files()
    assert entries["google"].sha256.startswith("8c29b333")
    assert len({entry.file for entry in entries.values()}) == len(entries) == 10
    for entry in entries.values():
        assert entry.url.startswith("https://")
        assert len(bytes.fromhex(entry.sha256)) == 32
        assert entry.size > 0

"""What holds for all tests.

Properties are judged by what they find, not by how long a busy machine takes. Tests that need TensorFlow are
marked `tensorflow`: they are skipped where it is not installed, and any other that needs it fails. Most of
what they train is so small that TensorFlow takes longer to optimize its graphs than to compute them; it
does so, as for users, in those that are marked `optimized`. Where there are only a few steps, it takes longer
even to make the graphs: `eager` tests do without.
"""

import gc
import hashlib
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec

import pytest
from hypothesis import HealthCheck, settings
from safetensors import safe_open
from safetensors.numpy import save_file

from embedkit import Checkpoint
from embedkit.models.files.model_file import KEY
from embedkit.models.networks.backend import load_backend
from tests.notes import Notes
from tests.places import place, s3  # noqa: F401  (fixtures)

settings.register_profile(
    "untimed", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("untimed")
BACKEND_USES = pytest.StashKey[object]()  # what `backend_uses` says before a test
os.fsync = lambda descriptor: None  # no test outlives a power cut, and disks take milliseconds each time

frozen_modules = 0  # how many were imported when the garbage collector was last told that they stay


def pytest_collection_modifyitems(config, items):
    """Let one worker of several import TensorFlow and start Ray: the first begins with what needs them."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: [not item.get_closest_marker(name) for name in ("tensorflow", "ray")])


def freeze_imports():
    """What was imported stays: keep the garbage collector from going through it again and again."""
    global frozen_modules
    if len(sys.modules) >= frozen_modules + 50:
        gc.collect()
        gc.freeze()
        frozen_modules = len(sys.modules)


def pytest_collection_finish():
    """Leave what is heavy to the tests that need it."""
    if "tensorflow" in sys.modules:
        pytest.exit("a module of tests imports TensorFlow, which costs every worker seconds", returncode=1)
    freeze_imports()


def backend_uses():
    """How often TensorFlow has been asked for, and whether it is imported."""
    return load_backend.cache_info(), "tensorflow" in sys.modules


def pytest_runtest_setup(item):
    """Skip a test that needs TensorFlow where there is none."""
    if item.get_closest_marker("tensorflow"):
        if find_spec("tensorflow") is None:
            pytest.skip("TensorFlow is not installed")
        tf, _ = load_backend()
        optimized = item.get_closest_marker("optimized") is not None
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not optimized})
        tf.config.run_functions_eagerly(item.get_closest_marker("eager") is not None)
    item.stash[BACKEND_USES] = backend_uses()
    freeze_imports()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item):
    """A test that needs TensorFlow without a mark would cost a second worker its import."""
    before = item.stash.get(BACKEND_USES, backend_uses())  # a test that is skipped has none
    if not item.get_closest_marker("tensorflow") and backend_uses() != before:
        pytest.fail("this test needs TensorFlow: mark it with pytest.mark.tensorflow", pytrace=False)


class Stop:
    """Asks for a stop once so many steps are done, and counts them."""

    def __init__(self, steps=None):
        self.done, self.steps = 0, steps

    def __call__(self):
        self.done += 1
        return KeyboardInterrupt() if self.steps and self.done >= self.steps else None


@pytest.fixture
def resumed(tmp_path):
    """Makes a file by `make(target, checkpoint=..., progress=...)` in one go, and with interruptions.

    It gives both contents, and what was said when it went on for the last time.
    """
    target = tmp_path / "made.safetensors"

    def made(make, stop):
        with Checkpoint(target, minutes=0, stop=stop) as checkpoint:
            make(target, checkpoint=checkpoint, progress=(notes := Notes()))
        return target.read_bytes(), notes.notes

    def resumed(make, interruptions=(0.25, 0.5)):
        whole, _ = made(make, stop := Stop())
        for share in interruptions:
            with pytest.raises(KeyboardInterrupt):
                made(make, Stop(int(share * stop.done)))
        found, notes = made(make, Stop())
        assert not list(tmp_path.glob(".embedkit-*"))
        return whole, found, [note for note in notes if note.startswith("continuing: ")]

    return resumed


@pytest.fixture
def rewrite():
    """Writes a model again with its content changed, and a sha256 that fits."""

    def rewrite(path, change, header=None):
        with safe_open(path, framework="numpy") as file:
            found = json.loads(file.metadata()[KEY])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        content = json.loads(found["content"])
        change(content, tensors)
        found["content"] = json.dumps(content)
        digest = hashlib.sha256(found["content"].encode())
        for name in sorted(tensors):
            digest.update(f"\n{name} {tensors[name].dtype} {tensors[name].shape}\n".encode())
            digest.update(tensors[name].tobytes())
        found |= {"sha256": digest.hexdigest(), **(header or {})}
        save_file(tensors, path, {KEY: json.dumps(found)})

    return rewrite


@pytest.fixture
def file_server(monkeypatch):
    """Serves bytes on this machine: `file_server(name, data)` gives their url."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    files = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self, body=True):
            path = self.path.partition("?")[0]
            if path not in files:
                self.send_error(404)
                return
            data, headers = files[path]
            self.send_response(200)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if body:
                self.wfile.write(data)

        def do_HEAD(self):
            self.do_GET(body=False)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()

        def serve(name, data=b"", **headers):
            files[f"/{name}"] = data, {key.replace("_", "-"): value for key, value in headers.items()}
            return f"http://127.0.0.1:{server.server_port}/{name}"

        yield serve
        server.shutdown()
        thread.join()

"""What holds for all tests.

Properties are judged by what they find, not by how long a busy machine takes. Tests that import TensorFlow
are marked `tensorflow`: they are skipped where it is not installed, and any other that imports it fails.
"""

import hashlib
import json
import sys
from importlib.util import find_spec

import pytest
from hypothesis import settings
from safetensors import safe_open
from safetensors.numpy import save_file

from embedkit.models.files.model_file import KEY

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
EXPECTED = pytest.StashKey[bool]()  # a test that is marked ran in this process


def pytest_runtest_setup(item):
    """Skip a test that needs TensorFlow where there is none."""
    if item.get_closest_marker("tensorflow"):
        item.config.stash[EXPECTED] = True
        if find_spec("tensorflow") is None:
            pytest.skip("TensorFlow is not installed")


def pytest_runtest_teardown(item):
    """A test that imports TensorFlow without a mark would cost a second worker its import."""
    if "tensorflow" in sys.modules and not item.config.stash.get(EXPECTED, False):
        item.config.stash[EXPECTED] = True  # tells it once
        pytest.fail("this test imports TensorFlow: mark it with pytest.mark.tensorflow", pytrace=False)


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

"""What holds for all tests: properties are judged by what they find, not by how long a busy machine takes."""

import hashlib
import json

import pytest
from hypothesis import settings
from safetensors import safe_open
from safetensors.numpy import save_file

from embedkit.models.files.model_file import KEY

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


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

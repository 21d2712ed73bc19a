"""The files of the small space that leans, in the folder in which commands run."""

import pytest

from embedkit import Embeddings
from tests.cli.bias.biased_space import write_files


@pytest.fixture(autouse=True)
def files(tmp_path, run):
    """The folder in which they are."""
    write_files(tmp_path)
    return tmp_path


@pytest.fixture
def space(files):
    return Embeddings.load(files / "space.safetensors")

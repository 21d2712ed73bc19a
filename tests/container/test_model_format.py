"""Model files: what is written is read, and whatever is not that is told with the name of the file."""

import os

import numpy as np
import pytest

from embedkit.container.model_format import ModelFormat
from embedkit.errors import FormatError, InputError

KIND = ModelFormat("embedkit.example", "an example", "embedkit train-example")
HEADER, WEIGHTS = {"units": 2, "of": [1.5, None, "ä"]}, {"weights": np.arange(6.0).reshape(2, 3)}


@pytest.fixture
def path(tmp_path):
    KIND.write(tmp_path / "model", HEADER, WEIGHTS)
    return tmp_path / "model"


def test_what_is_written_is_read(path):
    with KIND.opened(path) as (file, header, tensors):
        assert file.path == path
        assert header == {"version": 1, **HEADER}
        np.testing.assert_array_equal(tensors["weights"], WEIGHTS["weights"])


def test_its_files_are_known_by_their_key(path, tmp_path):
    assert KIND.matches(path)
    assert not ModelFormat("embedkit.other", "another", "nothing").matches(path)
    os.mkfifo(tmp_path / "pipe")
    assert not KIND.matches(tmp_path / "pipe")
    assert not KIND.matches(tmp_path / "nothing")


def read(path):
    with KIND.opened(path) as (_, header, tensors):
        return header, {name: tensor.tolist() for name, tensor in tensors.items()}


def test_every_changed_byte_is_told_with_the_name_of_the_file(path):
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(FormatError, match="model: expected an example of embedkit, but "):
            read(path)


def test_other_versions_and_other_files_are_refused(path, tmp_path):
    later = ModelFormat(KIND.key, KIND.content, KIND.command, version=2)
    with (
        pytest.raises(FormatError, match="it is of version 1, this reads version 2"),
        later.opened(path),
    ):
        pass
    with pytest.raises(InputError, match="no such model"), KIND.opened(tmp_path / "nothing"):
        pass


def test_what_is_found_wrong_in_use_is_told_alike(path):
    with (
        pytest.raises(FormatError, match="expected an example of embedkit, but 'missing'"),
        KIND.opened(path) as stored,
    ):
        stored.header["missing"]


def test_a_failed_write_leaves_the_old_file(path):
    before = path.read_bytes()
    with pytest.raises(TypeError):
        KIND.write(path, {"units": object()}, WEIGHTS)
    assert path.read_bytes() == before

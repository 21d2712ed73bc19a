"""Files of document vectors: what is damaged or does not fit is refused, and no header is believed."""

import numpy as np
import pytest

from embedkit import Doc2Vec, Doc2VecModel, Embeddings
from embedkit.errors import FormatError, InputError
from embedkit.training.doc2vec.file import FORMAT


@pytest.fixture(scope="module")
def model():
    trainer = Doc2Vec(objective="cosine", ngrams=2, vector_size=20, min_count=1, sample=0, epochs=1)
    return trainer.train([["a", "b", "a"], ["b", "a", "b"]], tags=["x", "y\nz"])


@pytest.fixture
def path(model, tmp_path):
    model.save(tmp_path / "m.safetensors")
    return tmp_path / "m.safetensors"


def rewritten(path, header=None, **tensors):
    """The same file with other content, and the checksums of that."""
    with FORMAT.opened(path) as (_, told, old):
        new = {**{name: np.array(tensor) for name, tensor in old.items()}, **tensors}
    held = {name: tensor for name, tensor in new.items() if tensor is not None}
    FORMAT.write(path, {**told, **(header or {})}, held)
    return path


def test_tags_with_line_ends_come_back(path):
    assert FORMAT.matches(path)
    assert Doc2VecModel.load(path).documents.vocabulary.words == ("x", "y\nz")


def test_every_damaged_byte_of_the_tensors_is_seen(path):
    data = bytearray(path.read_bytes())
    for place in np.random.default_rng(1).integers(len(data) - 600, len(data), 20).tolist():
        changed = data.copy()
        changed[place] ^= 1
        path.write_bytes(changed)
        with pytest.raises(FormatError, match="train-doc2vec"):
            Doc2VecModel.load(path)


def test_files_of_another_kind_are_told_with_what_makes_the_right_ones(tmp_path):
    Embeddings(np.eye(2), ["a", "b"]).save(tmp_path / "words.safetensors")
    told = "it is word vectors of embedkit; `embedkit train-doc2vec` makes such files"
    with pytest.raises(FormatError, match=told):
        Doc2VecModel.load(tmp_path / "words.safetensors")


@pytest.mark.parametrize("size", [0, 5, 300, -1])
def test_cut_files_are_refused(path, size):
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(FormatError, match="train-doc2vec"):
        Doc2VecModel.load(path)
    assert not FORMAT.matches(path)


@pytest.mark.parametrize(
    "tensors",
    [
        {"targets": np.full((4, 20), np.nan, np.float32)},
        {"targets": np.zeros((3, 20), np.float32)},
        {"targets": np.zeros((4, 20), np.float64)},
        {"documents": np.full((2, 20), np.inf, np.float32)},
        {"documents": np.zeros((2, 8), np.float32)},
        {"documents": None},
        {"ngrams2": np.array([1, 99])},
        {"ngrams2": np.array([2, 1])},
        {"ngrams2": None},
        {"counts": np.array([3, 3, 2, 0])},
        {"tags": np.frombuffer(b"x\nx", np.uint8)},
        {"words": np.frombuffer(b"a\nb\nc", np.uint8)},
    ],
)
def test_tensors_that_do_not_fit_are_refused(path, tensors):
    with pytest.raises(FormatError, match="train-doc2vec"):
        Doc2VecModel.load(rewritten(path, **tensors))


@pytest.mark.parametrize(
    "header",
    [
        {"version": 2},
        {"parameters": {"vector_size": 10**9}},
        {"parameters": {"no_such": 1}},
        {"parameters": []},
        {"tokenizer": {"steps": "none"}},
        {"metadata": 3},
    ],
)
def test_headers_that_do_not_fit_are_refused(path, header):
    with pytest.raises(FormatError, match="train-doc2vec"):
        Doc2VecModel.load(rewritten(path, header))


def test_other_files(tmp_path):
    with pytest.raises(InputError, match="no such model"):
        Doc2VecModel.load(tmp_path / "none")
    (tmp_path / "text").write_text("text")
    with pytest.raises(FormatError, match=r"header too large|no \.safetensors"):
        Doc2VecModel.load(tmp_path / "text")

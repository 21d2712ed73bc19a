import json
import os
import tracemalloc
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from embedkit import Embeddings, FormatError, InputError, Vocabulary
from embedkit.container.packed_words import pack_words, unpack_words
from embedkit.container.quantization import dequantize, quantize

any_words = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=20)


@pytest.fixture
def file(random_space, tmp_path):
    random_space.save(tmp_path / "v.safetensors")
    return tmp_path / "v.safetensors"


def rewritten(file, **changes):
    """The file with other tensors; None takes a tensor away."""
    tensors = {**load_file(file), **changes}
    header = {"embedkit": json.dumps({"version": 1, "metadata": {}})}
    save_file({name: tensor for name, tensor in tensors.items() if tensor is not None}, file, header)


def test_round_trip(random_space, file):
    loaded = Embeddings.load(file)
    np.testing.assert_array_equal(loaded.matrix, random_space.matrix)
    np.testing.assert_array_equal(loaded.vocabulary.counts, random_space.vocabulary.counts)
    assert loaded.vocabulary.words == random_space.vocabulary.words
    assert loaded.metadata == {"epochs": 3, "tool": "tést"}


def test_the_same_vectors_give_the_same_bytes(random_space, file, tmp_path):
    random_space.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == file.read_bytes()


@pytest.mark.parametrize("quantize", [None, "int8"])
def test_the_library_would_write_the_same_bytes(random_space, tmp_path, quantize):
    random_space.save(tmp_path / "v.safetensors", quantize=quantize)
    with safe_open(tmp_path / "v.safetensors", framework="numpy") as file:
        save_file(load_file(tmp_path / "v.safetensors"), tmp_path / "again.safetensors", file.metadata())
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "v.safetensors").read_bytes()


def test_saving_takes_no_memory_beside_the_matrix(tmp_path):
    embeddings = Embeddings(np.ones((1000, 4000), np.float32), Vocabulary([f"word{i}" for i in range(1000)]))
    tracemalloc.start()
    embeddings.save(tmp_path / "v.safetensors")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1e6  # of 16 MB


def test_limit(random_space, file, tmp_path):
    random_space.save(tmp_path / "small.safetensors", quantize="int8")
    for path in (file, tmp_path / "small.safetensors"):
        loaded = Embeddings.load(path, limit=7)
        assert loaded.vocabulary.words == random_space.vocabulary.words[:7]
        assert (loaded.matrix.shape, len(loaded.vocabulary.counts)) == ((7, 12), 7)
        assert len(Embeddings.load(path, limit=10_000)) == 500


@given(any_words)
def test_any_word_can_be_kept(words):
    assert unpack_words(pack_words(words), Path("file")) == words


def test_a_word_that_is_no_text(tmp_path):
    with pytest.raises(InputError, match=r"holds '\\ud800'"):
        Embeddings(np.ones((1, 1)), Vocabulary(["a\ud800"])).save(tmp_path / "v.safetensors")
    assert not list(tmp_path.iterdir())


@given(arrays(np.float32, (3, 4), elements=st.floats(-(2.0**100), 2.0**100, width=32)))
def test_eight_bits_are_off_by_half_a_scale_at_most(matrix):
    quantized, scales = quantize(matrix)
    error = np.abs(dequantize(quantized, scales).astype(float) - matrix)
    assert (error <= scales[:, None] * 0.50001 + 1e-42).all()
    np.testing.assert_allclose(scales, np.abs(matrix).max(axis=1) / 127, rtol=1e-5, atol=1e-44)


def test_eight_bits_take_a_quarter(random_space, file, tmp_path):
    random_space.save(tmp_path / "small.safetensors", quantize="int8")
    loaded = Embeddings.load(tmp_path / "small.safetensors")
    half_scales = np.abs(random_space.matrix).max(axis=1, keepdims=True) / 254
    assert (np.abs(loaded.matrix - random_space.matrix) <= half_scales * 1.0001).all()
    saved = file.stat().st_size - (tmp_path / "small.safetensors").stat().st_size
    assert saved == pytest.approx(500 * (12 * 3 - 4), abs=200)
    with pytest.raises(InputError, match="'int8' with safetensors, got 'int4' with safetensors"):
        random_space.save(tmp_path / "small.safetensors", quantize="int4")
    with pytest.raises(InputError, match="got 'int8' with glove"):
        random_space.save(tmp_path / "small.safetensors", format="glove", quantize="int8")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads resident memory from /proc")
def test_loading_does_not_read_the_matrix(tmp_path):
    matrix = np.ones((1000, 16384), np.float32)  # 64 MB
    Embeddings(matrix, Vocabulary([f"word{i}" for i in range(1000)])).save(tmp_path / "v.safetensors")
    del matrix
    before = _resident_bytes()
    loaded = Embeddings.load(tmp_path / "v.safetensors")
    assert _resident_bytes() - before < 16e6
    assert loaded["word7"].sum() == 16384


def _resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_file_cut_anywhere_is_refused(file, tmp_path):
    data = file.read_bytes()
    for length in [9, 40, 200, len(data) // 3, len(data) - 6000, len(data) - 1]:
        (tmp_path / "cut").write_bytes(data[:length])
        with pytest.raises(FormatError, match="expected a complete"):
            Embeddings.load(tmp_path / "cut")


@settings(max_examples=60)
@given(data=st.data())
def test_a_changed_byte_never_does_worse_than_an_error(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "changed.safetensors"
    Embeddings(np.eye(3), Vocabulary(["a", "b", "c"]), {"a": 1}).save(path)
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with suppress(InputError):
        assert len(Embeddings.load(path).neighbors([1, 0, 0])) == 3


def _swap_two_bytes(path, tensor):
    """Let two unequal neighbours of the bytes of a tensor change places."""
    with safe_open(path, framework="numpy") as file:
        part = np.ascontiguousarray(file.get_tensor(tensor)).tobytes()
    data = path.read_bytes()
    place = next(i for i in range(data.index(part), len(data)) if data[i] != data[i + 1])
    path.write_bytes(data[:place] + data[place : place + 2][::-1] + data[place + 2 :])


@pytest.mark.parametrize(
    ("quantize", "tensor"),
    [(None, "words"), (None, "counts"), ("int8", "words"), ("int8", "scales"), ("int8", "vectors")],
)
def test_what_is_read_whole_is_what_was_written(random_space, tmp_path, quantize, tensor):
    path = tmp_path / "v.safetensors"
    random_space.save(path, quantize=quantize)
    _swap_two_bytes(path, tensor)
    with pytest.raises(FormatError, match=f"v.safetensors is damaged: the checksum of its {tensor} is"):
        Embeddings.load(path)


def test_mapped_vectors_are_compared_on_demand(file):
    _swap_two_bytes(file, "vectors")
    assert len(Embeddings.load(file)) == 500
    with pytest.raises(FormatError, match="the checksum of its vectors is"):
        Embeddings.load(file, verify=True)


def test_an_oversized_header_is_refused(file):
    data = file.read_bytes()
    file.write_bytes((1 << 39).to_bytes(8, "little") + data[8:])
    with pytest.raises(FormatError, match="header too large"):
        Embeddings.load(file)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"vectors": None}, "expected a tensor 'vectors', got only"),
        ({"words": None}, "expected a tensor 'words', got only"),
        ({"vectors": np.ones((500, 12))}, r"'vectors' as F32 of any x any entries, got F64 of \[500, 12\]"),
        ({"vectors": np.ones(500, np.float32)}, r"got F32 of \[500\]"),
        ({"vectors": np.ones((500, 12), np.int8)}, "'vectors' as F32 of any x any entries, got I8"),
        ({"vectors": np.ones((499, 12), np.float32)}, "'counts' as I64 of 499 entries, got I64 of"),
        ({"words": np.zeros(9, np.uint8)}, "expected 500 words for 500 vectors, got 1"),
        ({"words": np.full(9, 255, np.uint8)}, "expected words in UTF-8, got invalid start byte at byte 0"),
        ({"counts": np.ones(500, np.float32)}, "'counts' as I64 of 500 entries, got F32"),
        ({"scales": np.ones(500, np.float32)}, "'vectors' as I8 of any x any entries, got F32"),
    ],
)
def test_wrong_tensors_are_named(file, changes, message):
    rewritten(file, **changes)
    with pytest.raises(FormatError, match=message):
        Embeddings.load(file)


def test_counts_below_zero(tmp_path):
    path = tmp_path / "v.safetensors"
    Embeddings(np.eye(2), Vocabulary(["a", "b"], np.array([2, -1]))).save(path)
    with pytest.raises(FormatError, match="expected counts of words, got -1; make the file again"):
        Embeddings.load(path)


def test_scales_that_are_not_finite(file):
    scales = np.full(500, np.nan, np.float32)
    rewritten(file, vectors=np.ones((500, 12), np.int8), scales=scales)
    with pytest.raises(FormatError, match="expected finite scales, got nan"):
        Embeddings.load(file)


def test_nan_in_a_mapped_file_is_found_when_used(random_space, file, tmp_path):
    matrix = random_space.matrix.copy()
    matrix[7, 3] = np.nan
    rewritten(file, vectors=matrix)
    loaded = Embeddings.load(file)
    for use in (lambda: loaded.neighbors("word1"), lambda: loaded.save(tmp_path / "copy.safetensors")):
        with pytest.raises(InputError, match="'word7'"):
            use()


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (None, "expected vectors written by embedkit, got a safetensors file with counts, vectors, words"),
        ({"other": "1"}, "expected vectors written by embedkit"),
        ({"embedkit": "nonsense"}, "expected the header of embedkit vectors, got 'nonsense'"),
        ({"embedkit": "[]"}, "expected the header of embedkit vectors"),
        ({"embedkit": "[" * 100_000}, "expected the header of embedkit vectors"),
        ({"embedkit": '{"version": 2, "metadata": {}}'}, "expected version 1 of the format, got 2"),
    ],
)
def test_safetensors_of_others(file, header, message):
    save_file(load_file(file), file, header)
    with pytest.raises(FormatError, match=message):
        Embeddings.load(file)


def test_a_failed_save_leaves_the_old_file(random_space, file):
    before = file.read_bytes()
    with pytest.raises(InputError):
        Embeddings(np.ones((1, 1)), Vocabulary(["\udc00"])).save(file)
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]

"""The container beside the library of safetensors: each reads what the other writes, refuses the same."""

import json
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from safetensors import SafetensorError, safe_open
from safetensors.numpy import load_file, save_file

from embedkit.container.checked import (
    Entry,
    checksums,
    header_bytes,
    map_tensor,
    open_tensors,
    verify,
    write_tensors,
)
from embedkit.errors import FormatError

dtypes = st.sampled_from([np.float32, np.int64, np.int32, np.int8, np.uint8])
tensors = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda name: name != "__metadata__"),
    dtypes.flatmap(lambda dtype: arrays(dtype, array_shapes(min_side=0, max_dims=3))),
    max_size=4,
)
metadata = st.dictionaries(st.text('aé\\" '), st.text("bü\n"), max_size=1)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("container") / "file"


def contents(file):
    """The tensors of an opened file."""
    return {name: file.map(name) for name in file.entries}


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], strict=True)


@given(tensors, metadata)
def test_what_is_written_comes_back_and_the_library_reads_it(path, tensors, metadata):
    with path.open("wb") as stream:
        write_tensors(stream, tensors, metadata)
    file = open_tensors(path)
    assert dict(file.metadata) == metadata
    assert_same(contents(file), tensors)
    assert_same(load_file(path), tensors)


@given(tensors, metadata)
def test_what_the_library_writes_is_read(path, tensors, metadata):
    save_file(tensors, path, metadata or None)
    file = open_tensors(path)
    assert dict(file.metadata) == metadata
    assert_same(contents(file), tensors)


@given(st.data())
def test_no_file_is_opened_that_the_library_refuses(path, data):
    with path.open("wb") as stream:
        write_tensors(stream, {"a": np.eye(2, dtype=np.float32), "b": np.arange(3)}, {"key": "value"})
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(
        content[: data.draw(st.integers(0, len(content)))] if data.draw(st.booleans()) else content
    )
    try:
        file = open_tensors(path)
    except FormatError:
        return
    with safe_open(path, framework="numpy") as other:
        assert set(other.keys()) == set(file.entries)
        for name, entry in file.entries.items():
            assert other.get_slice(name).get_shape() == list(entry.shape)


def told(**changes):
    return {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}


MALFORMED = [
    ([], "its header is malformed"),
    ({"a": told(shape=[3])}, "its header describes other tensors than it can hold: 'a' as "),
    ({"a": told(), "b": told()}, "its header describes other tensors than it can hold: 'b' as "),
    ({"a": told(data_offsets=[4, 12])}, "its header describes other tensors than it can hold: 'a' as "),
    ({"a": told(shape=[-2])}, "expected lengths and places of a tensor, got"),
    ({"a": told(shape=[True, 2])}, "expected lengths and places of a tensor, got"),
    ({"a": told(shape=[0, 1 << 62], data_offsets=[0, 0])}, "expected lengths and places of a tensor, got"),
    ({"a": told(dtype="F31")}, "of an unknown type: 'F31'"),
    ({"a": told(dtype=3)}, "expected a string of metadata, got 3"),
    ({"__metadata__": {"a": 1}, "a": told()}, "expected a string of metadata, got 1"),
    ({"a": told(shape=[1], data_offsets=[0, 4])}, "expected [0-9]+ bytes, got [0-9]+"),
]


@pytest.mark.parametrize(("header", "message"), MALFORMED)
def test_a_malformed_header_is_refused(path, header, message):
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + bytes(8))
    with pytest.raises(FormatError, match=message):
        open_tensors(path)
    with pytest.raises(SafetensorError), safe_open(path, framework="numpy"):
        pass


OTHER_FILES = [
    (b"", "is empty"),
    (b"1234567", "begins with b'1234567'"),
    (b"text,label\n", "begins with b'text,labe', as no .safetensors file does"),
]


@pytest.mark.parametrize(("content", "told"), OTHER_FILES)
def test_another_kind_of_file_is_told(path, content, told):
    path.write_bytes(content)
    with pytest.raises(FormatError, match=f"^it {told}"):
        open_tensors(path)


@pytest.mark.parametrize("content", [b"\xff" * 8 + b"{}", b"\x02" + bytes(7) + b"{"])
def test_a_file_without_room_for_its_header_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(FormatError, match=f"header too large: .* in a file of {len(content)}"):
        open_tensors(path)


def test_tensors_are_mapped_read_only(path):
    with path.open("wb") as stream:
        write_tensors(stream, {"a": np.ones(3, np.float32)}, {})
    mapped = open_tensors(path).map("a")
    assert isinstance(mapped.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        mapped[0] = 1


def test_a_header_may_be_given_room_to_grow(path):
    entries = {"a": Entry("U8", (3,), 0, 3)}
    header = header_bytes(entries, {"b": "c"}, 200)
    assert len(header) == 200
    path.write_bytes(header + b"123")
    assert open_tensors(path).entries == entries
    assert map_tensor(path, entries["a"], 200).tobytes() == b"123"


def test_a_header_is_padded_with_nothing_but_spaces(path):
    header = header_bytes({}, {"made": "by hand"}, 200)
    for place in (-1, -40):
        changed = bytearray(header)
        changed[place] ^= ord(" ") ^ ord("\r")  # of which JSON would think nothing
        path.write_bytes(changed)
        with pytest.raises(FormatError, match="its header is malformed"):
            open_tensors(path)


def test_expected_tensors_are_named(path):
    with path.open("wb") as stream:
        write_tensors(stream, {"a": np.ones((2, 3), np.float32)}, {})
    file = open_tensors(path)
    assert file.expect("a", "F32", (None, 3)) == (2, 3)
    for name, dtype, shape, message in [
        ("b", "F32", (3,), r"expected a tensor 'b', got only \['a'\]"),
        ("a", "I8", (None, 3), r"expected 'a' as I8 of any x 3 entries, got F32 of \[2, 3\]"),
        ("a", "F32", (2, 2), "expected 'a' as F32 of 2 x 2 entries"),
        ("a", "F32", (6,), "expected 'a' as F32 of 6 entries"),
    ]:
        with pytest.raises(FormatError, match=message):
            file.expect(name, dtype, shape)


def test_checksums_are_crc32_and_are_compared():
    parts = {"a": b"123456789", "b": np.arange(4).reshape(2, 2).data}
    written = checksums(parts)
    assert written["a"] == "cbf43926"  # the check value of this CRC
    assert written["b"] == f"{zlib.crc32(np.arange(4).tobytes()):08x}"
    verify(parts, written)
    with pytest.raises(FormatError, match="the checksum of its a is cbf43926, 00000000 was written"):
        verify(parts, {**written, "a": "00000000"})
    with pytest.raises(FormatError, match="it holds a, b, and checksums of b"):
        verify(parts, {"b": written["b"]})

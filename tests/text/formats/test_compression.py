"""Decompression: content in bounded parts, whole, from streams one after the other, whatever the chunks."""

import bz2
import gzip
import lzma

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import FormatError
from embedkit.text.formats.compression import LIMIT, decompressed

COMPRESS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstandard": zstandard.ZstdCompressor(level=19).compress,
}
FORMATS = pytest.mark.parametrize("compress", COMPRESS.values(), ids=COMPRESS)


@FORMATS
@given(
    contents=st.lists(st.binary(max_size=200), min_size=1, max_size=4),
    size=st.integers(12, 60),
    padding=st.integers(0, 9),
)
def test_streams_in_chunks_of_any_size_give_their_contents(compress, contents, size, padding):
    data = b"".join(compress(content) + bytes(padding) for content in contents)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    assert b"".join(decompressed(chunks, "a")) == b"".join(contents)


@FORMATS
def test_a_bomb_comes_in_parts(compress):
    data = compress(bytes(5 * LIMIT))
    assert len(data) < LIMIT // 100
    parts = [len(part) for part in decompressed([data], "a")]
    assert sum(parts) == 5 * LIMIT
    assert max(parts) <= 8 * LIMIT  # zstandard's own bound of 1 kB of input


@FORMATS
def test_what_is_cut_off_is_told(compress):
    data = compress(b"some content that is long enough to be cut" * 9)
    for length in range(11, len(data) - 1, 7):
        with pytest.raises(FormatError, match=r"^a (is cut off|cannot be decompressed)"):
            list(decompressed([data[:length]], "a"))

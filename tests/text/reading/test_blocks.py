"""Blocks: where they end, and what they know of their place."""

import gzip
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import FormatError
from embedkit.text.formats.sources import Source
from embedkit.text.reading.blocks import read_blocks

BYTES = st.lists(
    st.sampled_from([b"a", b"bcdefghijk", b" ", b"\t", b"\n", b"\r\n", b"\xff", b"\xef\xbb\xbf"])
)
SIZES = st.integers(1, 50)


def blocks_of(folder, texts, size):
    """The sources of some texts, and their blocks."""
    sources = [Source(folder / str(number)) for number in range(len(texts))]
    for source, text in zip(sources, texts, strict=True):
        source.path.write_bytes(text)
    return sources, list(read_blocks(sources, size))


def ended(text):
    return text if text.endswith(b"\n") or not text else text + b"\n"


@given(texts=st.lists(BYTES.map(b"".join), max_size=4), size=SIZES)
def test_blocks_hold_the_text_and_know_their_place(texts, size, tmp_path_factory):
    sources, blocks = blocks_of(tmp_path_factory.mktemp("blocks"), texts, size)
    whole = b"".join(map(ended, texts))
    assert b"".join(block.data for block in blocks) == whole
    for number, block in enumerate(blocks):
        before = b"".join(block.data for block in blocks[:number])
        assert block.line == before.count(b"\n")
        ends = [start for start, _, _ in block.starts[1:]] + [None]
        for (start, name, offset), end in zip(block.starts, ends, strict=True):
            part, source = block.data[start:end], ended(texts[int(name.rpartition("/")[2])])
            assert source[offset : offset + len(part)] == part
    assert [(source.bytes_read, source.sha256) for source in sources] == [
        (len(text), sha256(text).hexdigest()) for text in texts
    ]


@given(text=BYTES.map(b"".join), size=SIZES)
def test_a_block_ends_with_a_line_or_before_white_space(text, size, tmp_path_factory):
    _, blocks = blocks_of(tmp_path_factory.mktemp("blocks"), [text], size)
    limit = size + size // 16
    for block, following in pairwise(blocks):
        assert len(block.data) >= size
        assert b"\n" not in block.data[size - 1 : -1]
        if block.data[-1:] != b"\n":
            assert following.data[:1] in (b" ", b"\t")
        if len(block.data) > limit:  # white space was looked for, and not found before
            assert not set(b" \t\n") & set(block.data[limit:-1])


@given(text=BYTES.map(b"".join), size=SIZES)
def test_the_lines_do_not_depend_on_the_blocks(text, size, tmp_path_factory):
    folder = tmp_path_factory.mktemp("blocks")
    joined = {}
    for block in blocks_of(folder, [text], size)[1]:
        for number, line in enumerate(block.lines("replace")[0], block.line):
            joined[number] = joined.get(number, "") + line
    one_block = blocks_of(folder, [text], 1 << 20)[1]
    assert list(joined.values()) == (one_block[0].lines("replace")[0] if text else [])


@pytest.mark.parametrize("blank", [" ", "\t", "\n"])
def test_the_size_of_blocks_does_not_depend_on_the_lines(blank, tmp_path):
    _, blocks = blocks_of(tmp_path, [f"word{blank}".encode() * 200_000], 10_000)
    assert max(len(block.data) for block in blocks) <= 10_000 + 10_000 // 16 + len("word ")


def test_a_run_without_white_space_is_not_parted(tmp_path):
    _, blocks = blocks_of(tmp_path, [b"a" * 300_000 + b" b"], 1000)
    assert [block.data for block in blocks] == [b"a" * 300_000, b" b\n"]


def test_an_endless_run_is_refused_before_it_is_all_read(tmp_path, monkeypatch):
    monkeypatch.setattr("embedkit.text.reading.blocks.LONGEST", 1000)
    monkeypatch.setattr("embedkit.text.formats.sources.CHUNK", 1000)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(b"a" * 20_000_000))
    source = Source(tmp_path / "bomb.gz")
    with pytest.raises(FormatError, match=r"bomb\.gz: expected words, got 1,000 bytes without a blank"):
        list(read_blocks([source], 1000))
    assert source.bytes_read < (tmp_path / "bomb.gz").stat().st_size

"""Places of blocks: what is read there is the block, or the block itself travels."""

import gzip
import pickle

import pytest

from embedkit.errors import FormatError
from embedkit.text.formats.sources import expand
from embedkit.text.reading.block_places import BlockPlace, place_of
from embedkit.text.reading.blocks import TextBlock, read_blocks


def test_a_block_is_read_where_it_stands_over_several_files(tmp_path):
    for name, text in ("a", "one\ntwo"), ("b", ""), ("c", "thrée\n"), ("d", "four five"):
        (tmp_path / f"{name}.txt").write_text(text)
    blocks = list(read_blocks(expand(tmp_path), 8))
    places = [pickle.loads(pickle.dumps(place_of(block))) for block in blocks]
    assert len(blocks) == 3
    assert all(isinstance(place, BlockPlace) for place in places)
    assert [place.read() for place in places] == blocks


def test_text_that_no_file_holds_byte_for_byte_travels_itself(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"one two\n"))
    (tmp_path / "b.csv").write_text('id,text\n1,"one two"\n')
    for block in read_blocks(expand(tmp_path), 4):
        assert isinstance(place_of(block), TextBlock)


def test_a_file_that_was_changed_meanwhile_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("one two\n")
    (block,) = read_blocks(expand(path))
    place = place_of(block)
    path.write_text("one too\n")
    with pytest.raises(FormatError, match=f"{path} was changed while it was read"):
        place.read()

"""Vectors written compressed: the content is what the format without compression has."""

import bz2
import gzip
import lzma

import pytest
import zstandard

from embedkit import InputError, load

DECOMPRESS = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


@pytest.mark.parametrize("suffix", DECOMPRESS)
@pytest.mark.parametrize(("name", "format"), [("v.vec", None), ("v.txt", "glove"), ("v.bin", None)])
def test_the_content_is_that_of_the_format(random_space, tmp_path, suffix, name, format):
    plain, compressed = tmp_path / name, tmp_path / f"{name}{suffix}"
    random_space.save(plain, format)
    random_space.save(compressed, format)
    assert DECOMPRESS[suffix](compressed.read_bytes()) == plain.read_bytes()
    assert compressed.stat().st_size < plain.stat().st_size
    assert load(compressed).vocabulary.words == random_space.vocabulary.words


@pytest.mark.parametrize("suffix", DECOMPRESS)
def test_the_same_vectors_give_the_same_bytes(plane, tmp_path, suffix):
    paths = [tmp_path / f"{name}.vec{suffix.upper()}" for name in "ab"]
    for path in paths:
        plane.save(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_failed_run_leaves_the_old_file(plane, tmp_path, monkeypatch):
    path = tmp_path / "v.vec.gz"
    path.write_bytes(b"old")

    def fail(stream, contents):
        stream.write(b"a")
        raise InputError("no more")

    monkeypatch.setattr("embedkit.vectors.formats.word2vec_text.write_rows", fail)
    with pytest.raises(InputError, match="no more"):
        plane.save(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["v.npz.gz", "v.parquet.xz", "v.safetensors.zst", "v.tsv.bz2"])
def test_other_formats_are_not_written_compressed(plane, tmp_path, name):
    with pytest.raises(InputError, match=r"not written compressed, only word2vec-binary, word2vec, glove"):
        plane.save(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_suffix_of_compression_alone_names_no_format(plane, tmp_path):
    with pytest.raises(InputError, match=r"no format has the suffix '\.gz' of .*v\.gz; use \.safetensors"):
        plane.save(tmp_path / "v.gz")

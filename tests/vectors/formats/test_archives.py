"""Vectors in archives and in compressed files, in every format; messages name the archive and its member."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import numpy as np
import pytest
import zstandard

from embedkit import FormatError, describe_file, load, verify_file

TEXT = b"king 1.5 2 3\nqueen 4.5 5 6\n"
OTHERS = {"README.md": b"GloVe 1.2\nof 2014\n", "vocab.txt": b"the 1000\nof 900\n", "meta.json": b'{"a": 1}'}
HIDDEN = {"__MACOSX/._v.txt": TEXT, ".v.txt": TEXT}


@pytest.fixture
def archive(tmp_path):
    def write(kind, members):
        path = tmp_path / f"v.{kind}"
        if kind == "zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
                for name, content in members.items():
                    file.writestr(name, content)
            return path
        with tarfile.open(path, {"tar": "w", "tar.gz": "w:gz", "tar.xz": "w:xz"}[kind]) as file:
            for name, content in members.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                file.addfile(entry, io.BytesIO(content))
        return path

    return write


KINDS = ["zip", "tar", "tar.gz", "tar.xz"]
FORMATS = ["safetensors", "word2vec-binary", "word2vec", "glove", "finalfusion"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("format", FORMATS)
def test_the_member_that_holds_vectors_is_read(plane, tmp_path, archive, kind, format):
    plane.save(tmp_path / "v", format)
    content, expected = (tmp_path / "v").read_bytes(), load(tmp_path / "v")
    for members in ({"a/v": content}, {**OTHERS, **HIDDEN, "a/v": content}):
        path = archive(kind, members)
        loaded = load(path)
        assert loaded.vocabulary.words == plane.vocabulary.words
        np.testing.assert_array_equal(loaded.matrix, expected.matrix)
        assert describe_file(path)["words"] == len(plane)
        assert verify_file(path)


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
@pytest.mark.parametrize("format", FORMATS)
def test_compressed_files_of_any_format(plane, tmp_path, format, compress):
    plane.save(tmp_path / "v", format)
    path = tmp_path / "compressed"
    path.write_bytes(compress((tmp_path / "v").read_bytes()))
    np.testing.assert_array_equal(load(path).matrix, load(tmp_path / "v").matrix)
    assert describe_file(path)["words"] == len(plane)


def test_a_compressed_member(archive):
    assert load(archive("tar", {**OTHERS, "v.txt.gz": gzip.compress(TEXT)})).vocabulary.words == (
        "king",
        "queen",
    )


@pytest.mark.parametrize(("kind", "command"), [("zip", "unzip -p"), ("tar", "tar -xOf")])
def test_of_several_files_of_vectors_all_are_named(archive, kind, command):
    path = archive(kind, {"v.50d.txt": TEXT, "v.100d.txt": TEXT, **OTHERS})
    with pytest.raises(
        FormatError, match=rf"several files of vectors: v.50d.txt, v.100d.txt; .*{command} {path} v.5"
    ):
        load(path)


@pytest.mark.parametrize("kind", KINDS)
def test_archives_without_vectors(archive, kind):
    with pytest.raises(FormatError, match=r"archive without vectors: README.md, vocab.txt, meta.json$"):
        load(archive(kind, OTHERS))


@pytest.mark.parametrize("kind", KINDS)
def test_errors_and_warnings_name_the_member(archive, kind):
    path = archive(kind, {**OTHERS, "a/v.txt": TEXT + b"man 1.5 2\n"})
    with pytest.raises(FormatError, match=rf"^{path}: a/v.txt, line 3: expected a word and 3 numbers"):
        load(path)
    with pytest.warns(UserWarning, match=rf"^{path}: a/v.txt: left out 1 lines"):
        load(path, skip_bad_rows=True)


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_archives(archive, kind):
    path = archive(kind, {**OTHERS, "v.txt": TEXT * 999})
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(FormatError, match=rf"^{path}.*(cut off|damaged|without vectors)"):
        load(path)

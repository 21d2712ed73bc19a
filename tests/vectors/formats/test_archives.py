"""Vectors in archives and in compressed files, in every format; messages name the archive and its member."""

import bz2
import gzip
import io
import json
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


def saved_files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def npy_pair(plane, folder):
    plane.save(folder / "plane.npy")


def projector_pair(plane, folder):
    plane.save(folder / "vectors.tsv")


def spacy_folder(plane, folder):
    plane.save(folder / "sp", "spacy")
    for path in (folder / "sp").iterdir():
        path.rename(folder / path.name)
    (folder / "sp").rmdir()


def model2vec_folder(plane, folder):
    vocabulary = {word: row for row, word in enumerate(plane.vocabulary.words)}
    header = {"embeddings": {"dtype": "F32", "shape": [5, 2], "data_offsets": [0, 40]}}
    told = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(
        len(told).to_bytes(8, "little") + told + plane.matrix.tobytes()
    )
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": vocabulary}}))


def compressed_tokenizer(plane, folder):
    model2vec_folder(plane, folder)
    content = (folder / "tokenizer.json").read_bytes()
    (folder / "tokenizer.json").rename(folder / "tokenizer.json.xz").write_bytes(lzma.compress(content))


def gensim_files(plane, folder):
    vectors = pytest.importorskip("gensim").models.KeyedVectors(2)
    vectors.add_vectors(list(plane.vocabulary.words), plane.matrix)
    vectors.save(str(folder / "m.kv"), separately=["vectors"])


SETS = [compressed_tokenizer, gensim_files, npy_pair, projector_pair, spacy_folder, model2vec_folder]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", SETS)
def test_folders_and_pairs_in_archives(plane, tmp_path, archive, kind, make):
    folder = tmp_path / "made"
    folder.mkdir()
    make(plane, folder)
    files = saved_files(folder)
    for place in ("", "a/b/"):
        members = {**OTHERS, **HIDDEN, **{place + name: content for name, content in files.items()}}
        if make is npy_pair:
            del members["vocab.txt"]
        path = archive(kind, members)
        loaded = load(path, trust_pickle=make is gensim_files)
        assert loaded.vocabulary.words == plane.vocabulary.words
        np.testing.assert_array_equal(loaded.matrix, plane.matrix)


@pytest.mark.parametrize("kind", KINDS)
def test_pairs_lie_nowhere_but_in_a_folder_of_their_own(plane, tmp_path, archive, kind):
    npy_pair(plane, tmp_path)
    matrix, words = (tmp_path / "plane.npy").read_bytes(), (tmp_path / "plane.words.txt").read_bytes()
    before = {*tmp_path.iterdir(), tmp_path / f"v.{kind}"}
    for place in ("../", "../../../", f"{tmp_path}/sub/", "a/../../"):
        path = archive(kind, {f"{place}x.npy": matrix, f"{place}x.words.txt": words, "README.md": b"x y\n"})
        assert load(path).vocabulary.words == plane.vocabulary.words
        assert {*tmp_path.iterdir()} == before
    path = archive(kind, {"a\\..\\x.npy": matrix, "a\\..\\x.words.txt": words})
    with pytest.raises(FormatError, match="expected its words"):
        load(path)


@pytest.mark.parametrize("kind", KINDS)
def test_words_that_are_missing_are_asked_for_by_the_name_of_the_member(plane, tmp_path, archive, kind):
    npy_pair(plane, tmp_path)
    path = archive(kind, {"README.md": b"", "../a/x.npy": (tmp_path / "plane.npy").read_bytes()})
    with pytest.raises(
        FormatError, match=rf"^{path}: \.\./a/x.npy: expected its words, .* x.words.txt, x.vocab.txt"
    ):
        load(path)


def test_links_in_archives_are_passed_over(plane, tmp_path):
    npy_pair(plane, tmp_path)
    path = tmp_path / "v.tar"
    with tarfile.open(path, "w") as file:
        file.add(tmp_path / "plane.npy", "x.npy")
        link = tarfile.TarInfo("x.words.txt")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "plane.words.txt")
        file.addfile(link)
    with pytest.raises(FormatError, match="expected its words"):
        load(path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_set_and_another_file_of_vectors_are_several(plane, tmp_path, archive, kind):
    npy_pair(plane, tmp_path)
    pair = {f"a/{name}": (tmp_path / name).read_bytes() for name in ("plane.npy", "plane.words.txt")}
    with pytest.raises(FormatError, match=r"several files of vectors: a/plane.npy, v.txt; .*v.txt`\)"):
        load(archive(kind, {**pair, "v.txt": TEXT}))
    again = {name.replace("a/", "b/"): content for name, content in pair.items()}
    with pytest.raises(FormatError, match=r"a/plane.npy, b/plane.npy; unpack it and name one of them$"):
        load(archive(kind, {**pair, **again}))


@pytest.mark.parametrize("kind", KINDS)
def test_errors_of_a_set_name_the_archive(plane, tmp_path, archive, kind):
    npy_pair(plane, tmp_path)
    members = {"a/x.npy": (tmp_path / "plane.npy").read_bytes()[:-8], "a/x.words.txt": b"king\n"}
    path = archive(kind, members)
    with pytest.raises(FormatError, match=rf"^{path}: a/x.npy: expected a matrix as numpy saves it"):
        load(path)


def test_what_the_disk_has_no_room_for_is_not_written(plane, tmp_path, archive, monkeypatch):
    npy_pair(plane, tmp_path)
    path = archive("zip", {"README": b"", **saved_files(tmp_path)})
    usage = type("Usage", (), {"free": 100})
    monkeypatch.setattr("embedkit.vectors.formats.archives.disk_usage", lambda folder: usage)
    with pytest.raises(FormatError, match=r"plane.* does not fit into the \d+ bytes that are left"):
        load(path)


def test_an_archive_of_arrays_alone_is_npz(plane, tmp_path, archive):
    plane.save(tmp_path / "v.npz")
    with zipfile.ZipFile(tmp_path / "v.npz") as file:
        arrays = {name: file.read(name) for name in file.namelist()}
    assert load(archive("zip", arrays)).vocabulary.words == plane.vocabulary.words

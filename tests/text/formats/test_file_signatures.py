"""What is no text is told by its content, whatever its name and however it is read."""

import bz2
import gzip
import io
import lzma
import pickle
import sys
import tarfile
import zipfile

import numpy as np
import pytest

from embedkit import Corpus, Embeddings, read_labeled
from embedkit.errors import FormatError
from embedkit.text.datasets.unlabeled import read_texts
from embedkit.text.formats.file_signatures import why_no_text
from embedkit.text.reading.lines import read_lines

TEXT = "one fine film\nand a dull one\n"


def tar(form):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=form) as file:
        member = tarfile.TarInfo("a folder/film.txt")
        member.size = len(TEXT)
        file.addfile(member, io.BytesIO(TEXT.encode()))
    return archive.getvalue()


def zipped(name):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr(name, TEXT)
    return archive.getvalue()


def saved(save):
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


FOREIGN = {
    "an Office document; save it": [zipped("[Content_Types].xml")],
    "gzip data; decompress it first": [gzip.compress(gzip.compress(b"a"))],
    "xz data": [gzip.compress(lzma.compress(b"a"))],
    "bzip2 data": [gzip.compress(bz2.compress(b"a"))],
    "a PDF document": [b"%PDF-1.7\n%\xe2\xe3"],
    "a numpy array": [saved(lambda to: np.save(to, [1]))],
    "a pickle": [pickle.dumps([TEXT])],
    "UTF-16 .its first bytes are FF FE.; name its encoding .--encoding utf-16.": [
        TEXT.encode("utf-16"), gzip.compress(TEXT.encode("utf-16")),
    ],
    "UTF-16 .every other byte is 0.; name its encoding .--encoding utf-16be.": [TEXT.encode("utf-16be")],
    "UTF-32": [TEXT.encode("utf-32")],
    "binary data": [bytes(range(32)) * 4],
}  # fmt: skip
CASES = [(data, told) for told, files in FOREIGN.items() for data in files]


LABELED = {  # what text without labels is read from
    "a tar archive; unpack it first": tar(tarfile.USTAR_FORMAT),
    "a parquet table": b"PAR1\x15\x04\x15",
    "a zip archive; unpack it first": gzip.compress(zipped("a.txt")),
}


@pytest.mark.parametrize(("told", "data"), LABELED.items())
def test_what_holds_no_lines_with_labels(tmp_path, told, data):
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(FormatError, match=rf"a.txt: expected text, got {told}"):
        read_labeled(tmp_path / "a.txt")


@pytest.mark.parametrize(("data", "told"), CASES, ids=range(len(CASES)))
def test_each_reader_tells_what_is_no_text(tmp_path, monkeypatch, data, told):
    for name in ("a.txt", "a.csv"):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FormatError, match=rf"{name}: expected text, got {told}"):
            list(read_texts(tmp_path / name))
    with pytest.raises(FormatError, match=told):
        read_labeled(tmp_path / "a.txt", encoding="latin-1")
    with pytest.raises(FormatError, match=told):
        list(read_lines(tmp_path / "a.txt", encoding_errors="replace"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    with pytest.raises(FormatError, match=rf"stdin: expected text, got {told}"):
        list(read_lines("-"))


def test_it_is_told_before_any_text_is_read(tmp_path):
    (tmp_path / "a.txt").write_text("not read")
    (tmp_path / "a.txt").chmod(0o644)
    (tmp_path / "b.txt").write_bytes(b"%PDF-1.7")
    told = []

    class Recorder:
        def start(self, *told_):
            told.append(told_)

    with pytest.raises(FormatError, match=r"b.txt: expected text, got a PDF document"):
        Corpus.encode([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "c", progress=Recorder())
    assert not told
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    "text",
    ["", "a", "PK is a pair of letters", "MZ", "PAR1 is a gene", "GGUF", "あ い " * 30],
)
def test_text_is_text(text):
    assert why_no_text(text.encode()) is None


def test_vectors_in_an_archive(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("king 0.1 0.2 0.3 0.4\nqueen 0.1 0.3 0.2 0.5\n")
    with tarfile.open(tmp_path / "vectors.tar.gz", "w:gz") as file:
        file.add(path, "vectors.txt")
    assert Embeddings.load(tmp_path / "vectors.tar.gz").vocabulary.words == ("king", "queen")
    path.write_bytes(path.read_text().encode("utf-16"))
    with pytest.raises(FormatError, match=r"got UTF-16.*; expected vectors in a format"):
        Embeddings.load(path)


@pytest.mark.parametrize("data", [b"no\0", b"a line of text\n" * 20 + b"\0"])
def test_nul_is_in_no_text(data):
    assert why_no_text(data).startswith("data with NUL, a byte that no text has; remove it")

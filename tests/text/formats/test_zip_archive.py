"""Zip archives of one file, read from front to end; those of several, and damaged ones, are refused."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedkit.errors import FormatError
from embedkit.text.formats.compression import LIMIT, decompressed
from embedkit.text.formats.sources import Source

DEFLATED, STORED = zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED
# A folder, and what macOS adds.
BESIDE = {"words/": b"", "words/.DS_Store": b"\0", "__MACOSX/._words.txt": b"resources"}


class Pipe(io.BytesIO):
    """A file without places: `zipfile` then writes sizes behind the contents."""

    def seekable(self):
        return False

    def tell(self):
        raise io.UnsupportedOperation


def archive(members, method=DEFLATED, file=io.BytesIO, zip64=False):
    stream = file()
    with zipfile.ZipFile(stream, "w") as zipped:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            with zipped.open(entry, "w", force_zip64=zip64) as member:
                member.write(content)
    return stream.getvalue()


def read(data, size=50):
    return b"".join(decompressed([data[start : start + size] for start in range(0, len(data), size)], "a"))


@pytest.mark.parametrize("zip64", [False, True], ids=["", "zip64"])
@pytest.mark.parametrize(
    ("method", "file"),
    [(DEFLATED, io.BytesIO), (STORED, Pipe), (zipfile.ZIP_BZIP2, io.BytesIO), (zipfile.ZIP_LZMA, Pipe)],
)
@settings(max_examples=25)  # of each kind
@given(content=st.binary(max_size=400), size=st.integers(10, 60))
def test_the_one_file_in_an_archive(method, file, zip64, content, size):
    data = archive({"words.txt": content}, method, file, zip64)
    assert read(data, size) == content


@pytest.mark.parametrize("file", [io.BytesIO, Pipe])
def test_folders_and_what_macos_adds_are_passed_over(file):
    before, *behind = BESIDE.items()
    assert read(archive(dict([before, ("words/a.txt", b"text"), *behind]), file=file)) == b"text"


def test_several_files_are_named(tmp_path):
    data = archive({"v.50d.txt": b"a 1 2", **BESIDE, "v.100d.txt": b"a 1 2"})
    path = tmp_path / "v.zip"
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"^a is a zip archive of several files: v\.50d\.txt, v\.100d"):
        read(data)
    with pytest.raises(FormatError, match=r"v\.zip is a zip archive of several files: v\.50d\.txt, v\.100d"):
        Source(path).text()  # before any of it is read


@pytest.mark.parametrize("members", [{}, BESIDE], ids=["empty", "folders"])
def test_an_archive_without_a_file(members):
    with pytest.raises(FormatError, match=r"^a: expected a zip archive with a file in it, got an empty one"):
        read(archive(members))


@pytest.mark.parametrize(
    ("name", "content"),
    [("[Content_Types].xml", b"text"), ("word/document.xml", b"text"), ("mimetype", b"application/epub+zip")],
)
def test_documents_pass_as_they_are(name, content):
    data = archive({name: content, "content.xml": b"text"}, STORED)
    assert read(data, 100) == data


def test_what_is_damaged_or_cut_off_is_told():
    data = archive({"words.txt": b"some content that is long enough to be cut" * 9})
    for length in range(11, data.index(b"PK\x05\x06") + 3, 7):
        with pytest.raises(FormatError, match=r"^a is a zip archive that is damaged or cut off: "):
            read(data[:length])
    stored = archive({"words.txt": b"some content"}, STORED).replace(b"some", b"same")
    with pytest.raises(FormatError, match=r"^a: words\.txt in this zip archive cannot be read: Bad CRC-32"):
        read(stored)


def test_what_cannot_be_read_is_told():
    encrypted = bytearray(archive({"words.txt": b"text"}))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    encrypted[6] |= 1
    with pytest.raises(FormatError, match=r"cannot be read: .*encrypted"):
        read(bytes(encrypted))


def test_a_bomb_comes_in_parts():
    data = archive({"zeros": bytes(5 * LIMIT)})
    parts = [len(part) for part in decompressed([data], "a")]
    assert sum(parts) == 5 * LIMIT
    assert max(parts) <= LIMIT

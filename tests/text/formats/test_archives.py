"""Archives as what they hold: texts and tables, each read as a file of its name."""

import bz2
import gzip
import io
import json
import lzma
import tarfile
import warnings
import zipfile

import pytest
import zstandard

from embedkit import Corpus, Reading
from embedkit.errors import FormatError
from embedkit.text.formats.archives import contents
from embedkit.text.formats.compression import LIMIT
from embedkit.text.formats.sources import Source
from embedkit.text.formats.tar_archive import MAX_HEADER
from embedkit.text.reading.lines import read_lines
from embedkit.text.reading.text_reader import TextReader

MEMBERS = {
    "reviews/a.txt": b"one fine film\nand a dull one",
    "reviews/b.csv": b'id,review\n1,"a third\nfilm"\n2,a fourth\n',
    "reviews/c.jsonl.gz": gzip.compress(json.dumps({"text": "a fifth"}).encode()),
    "__MACOSX/reviews/._a.txt": b"\0\1\2",
    ".git/HEAD.txt": b"hidden",
    "reviews/.hidden.txt": b"hidden",
    "reviews/poster.png": b"\x89PNG\r\n",
}
LINES = ["one fine film", "and a dull one", "a third film", "a fourth", "a fifth"]


def zipped(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(members, form=tarfile.PAX_FORMAT):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


ARCHIVES = {
    "a.zip": zipped(MEMBERS),
    "a.tar": tarred(MEMBERS),
    "gnu.tar": tarred(MEMBERS, tarfile.GNU_FORMAT),
    "a.tar.gz": gzip.compress(tarred(MEMBERS)),
    "a.tgz": gzip.compress(tarred(MEMBERS, tarfile.USTAR_FORMAT)),
    "a.tar.bz2": bz2.compress(tarred(MEMBERS)),
    "a.tar.xz": lzma.compress(tarred(MEMBERS)),
    "a.tar.zst": zstandard.compress(tarred(MEMBERS)),
    "without a suffix": tarred(MEMBERS),
}


def saved(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


@pytest.mark.parametrize(("name", "data"), ARCHIVES.items(), ids=ARCHIVES)
def test_members_are_read_as_files_of_their_names(tmp_path, monkeypatch, name, data):
    assert list(read_lines(saved(tmp_path, name, data))) == LINES
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert list(read_lines("-")) == LINES


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_the_manifest_names_them_and_the_hash_is_that_of_the_file(tmp_path, name):
    corpus = Corpus.encode(saved(tmp_path, name, ARCHIVES[name]), tmp_path / "c")
    assert corpus.documents == 5
    (source,) = corpus.recipe["sources"]
    assert source["members"] == ["reviews/a.txt", "reviews/b.csv", "reviews/c.jsonl.gz"]
    assert source["text_columns"] == ["review", "text"]
    assert source["bytes"] == len(ARCHIVES[name])
    whole = Source(saved(tmp_path, name, ARCHIVES[name]))
    list(whole.stored())
    assert source["sha256"] == whole.sha256


def test_what_is_left_out_is_told(tmp_path):
    notes = []

    class Recorder:
        def note(self, message):
            notes.append(message)

    path = saved(tmp_path, "a.tar", ARCHIVES["a.tar"])
    for _, text in TextReader(progress=Recorder()).parts(Source(path)):
        list(text)
    assert notes == [
        f"{path}: reviews/b.csv: texts from column 'review'",
        f"{path}: reviews/c.jsonl.gz: texts from column 'text'",
        f"{path}: 1 file was left out as neither text nor table, such as reviews/poster.png",
    ]


def test_control_characters_in_names_are_escaped(tmp_path):
    notes = []

    class Recorder:
        def note(self, message):
            notes.append(message)

    path = saved(tmp_path, "a.tar", tarred({"\x1b[1m.csv": b"text\nfine film\n", "\x1b[2m.png": b""}))
    for _, text in TextReader(progress=Recorder()).parts(Source(path)):
        list(text)
    assert [note.removeprefix(f"{path}: ") for note in notes] == [
        r"\x1b[1m.csv: texts from column 'text'",
        r"1 file was left out as neither text nor table, such as \x1b[2m.png",
    ]


@pytest.mark.parametrize("make", [zipped, tarred])
def test_errors_name_the_member(tmp_path, make):
    path = saved(tmp_path, "a", make({"x/a.txt": b"fine\n", "x/b.txt": b"fine \xe9\n"}))
    with pytest.raises(ValueError, match=r"a: x/b\.txt: byte 0xe9 at offset 5 is not UTF-8"):
        list(read_lines(path))
    with pytest.raises(ValueError, match=r"a: b\.csv: no column 'x' for the text; there are 'text'"):
        list(
            read_lines(
                saved(tmp_path, "a", make({"b.csv": b"text\nfine\n"})), reading=Reading(text_column="x")
            )
        )


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("in.zip", zipped({"a.txt": b"text"})),
        ("in.txt", tarred({"a.txt": b"text"})),
        ("in.txt", zipped({"a.txt": b"text"})),
        ("in.tar.gz", b""),
        ("in.txt.zip", zipped({"a.txt": b"text"})),
    ],
)
def test_archives_in_archives_are_refused(tmp_path, make, name, data):
    with pytest.raises(FormatError, match=rf"a: {name} is an archive in an archive; unpack the outer"):
        list(read_lines(saved(tmp_path, "a", make({"b.txt": b"text", name: data}))))


def test_an_archive_in_compressed_members_is_no_text(tmp_path):
    data = gzip.compress(zipped({"a.txt": b"text"}))
    with pytest.raises(FormatError, match=r"a: in.txt.gz: expected text, got a zip archive"):
        list(read_lines(saved(tmp_path, "a", tarred({"in.txt.gz": data}))))


@pytest.mark.parametrize("make", [zipped, tarred])
def test_an_archive_without_texts_is_refused(tmp_path, make):
    others = {"a.png": b"\x89PNG", "b.bin": b"\0", ".c.txt": b"hidden"}
    with pytest.raises(
        FormatError, match=r"expected an archive of texts or tables .*, got one of a.png, b.bin;"
    ):
        list(read_lines(saved(tmp_path, "a", make(others))))
    with pytest.raises(FormatError, match=r"got one of nothing"):
        list(read_lines(saved(tmp_path, "a", make({"__MACOSX/a.txt": b""}))))


def test_the_only_file_in_a_zip_archive_may_have_any_name(tmp_path):
    assert list(read_lines(saved(tmp_path, "a", zipped({"README": b"text", ".x": b""})))) == ["text"]


def test_a_damaged_tar_archive_is_not_taken_for_a_short_one(tmp_path):
    data = tarred({f"{number}.txt": b"word " * 300 for number in range(3)})
    for length in (700, 1400, 2600, 3000):
        with pytest.raises(FormatError, match=r"a is a tar archive that is damaged or cut off"):
            list(read_lines(saved(tmp_path, "a", data[:length])))
    second = data.index(b"1.txt")
    damaged = data[:second] + b"9" + data[second + 1 :]
    with pytest.raises(FormatError, match="a is a tar archive that is damaged"):
        list(read_lines(saved(tmp_path, "a", damaged)))


def test_names_that_leave_the_folder_write_nothing(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    for make in (zipped, tarred):
        path = saved(inside, "a", make({"../evil.txt": b"text\n", "/tmp/evil/evil.txt": b"more\n"}))
        assert list(read_lines(path)) == ["text", "more"]
    assert [path.name for path in tmp_path.rglob("*")] == ["inside", "a"]


def test_links_and_devices_are_passed_over(tmp_path):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE):
            member = tarfile.TarInfo("link.txt")
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        member = tarfile.TarInfo("a.txt")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"text"))
    assert list(read_lines(saved(tmp_path, "a", stream.getvalue()))) == ["text"]


def test_headers_that_would_fill_the_memory_are_refused(tmp_path):
    member = tarfile.TarInfo("a")
    member.type, member.size = tarfile.XHDTYPE, MAX_HEADER + 1
    with pytest.raises(FormatError, match=r"damaged or cut off: a header of 1,048,577 bytes"):
        list(read_lines(saved(tmp_path, "a", member.tobuf() + bytes(4096))))


@pytest.mark.parametrize("make", [zipped, lambda members: gzip.compress(tarred(members))])
def test_a_bomb_comes_in_parts(tmp_path, make):
    path = saved(tmp_path, "a", make({"a.txt": bytes(5 * LIMIT)}))
    sizes = [len(part) for content in contents(Source(path)) for part in content.chunks]
    assert sum(sizes) == 5 * LIMIT
    assert max(sizes) <= LIMIT


def test_parquet_in_an_archive(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow.parquet import write_table

    stream = io.BytesIO()
    write_table(pyarrow.table({"n": [1, 2], "text": ["a fine film", "a dull one"]}), stream)
    for make in (zipped, tarred):
        path = saved(tmp_path, "a", make({"a.parquet": stream.getvalue(), "b.txt": b"last"}))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert list(read_lines(path)) == ["a fine film", "a dull one", "last"]

"""Reading text: which files, which lines, and what is wrong with them."""

import bz2
import gzip
import io
import lzma
import sys
from pathlib import Path

import pytest
import zstandard

from embedkit.errors import FormatError, InputError
from embedkit.text.formats.sources import expand
from embedkit.text.reading.lines import read_lines

COMPRESSORS = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}
LINES = [f"Line {number}: naïve «text»" for number in range(5000)]
TEXT = "\n".join(LINES).encode()


@pytest.fixture
def tree(tmp_path):
    for name in ("b.txt", "a.txt.gz", "sub/c.TXT", "sub/d.csv", ".hidden.txt", ".git/e.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("", ["a.txt.gz", "b.txt", "sub/c.TXT", "sub/d.csv"]),
        (".git", [".git/e.txt"]),
        ("*.txt", ["b.txt"]),
        ("**/*", ["a.txt.gz", "b.txt", "sub/c.TXT", "sub/d.csv"]),
        ("sub/d.csv", ["sub/d.csv"]),
    ],
)
def test_which_files(tree, source, names):
    found = [source.path.relative_to(tree).as_posix() for source in expand(tree / source)]
    assert found == names


def test_the_order_is_that_of_the_sources(tree, monkeypatch):
    monkeypatch.chdir(tree)
    assert [source.name for source in expand(["sub/d.csv", "-", "b.txt"])] == ["sub/d.csv", "stdin", "b.txt"]


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ([], "no text to read"),
        (["missing.txt"], "no such file or folder: missing.txt"),
        (["*.nothing"], r"no file matches '\*.nothing'"),
        (["sub/empty"], "no text files"),
        (["-", "-"], "only once"),
    ],
)
def test_what_cannot_be_found(tree, monkeypatch, sources, message):
    monkeypatch.chdir(tree)
    (tree / "sub/empty").mkdir()
    with pytest.raises(InputError, match=message):
        expand(sources)


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"one", ["one"]),
        (b"one\n\n \t\ntwo\n", ["one", "two"]),
        (b"one\r\ntwo\r\n", ["one", "two"]),
        (b"\xef\xbb\xbfone\n\xef\xbb\xbftwo", ["one", "two"]),
        ("é\u2028ü\x85x\n".encode(), ["é\u2028ü\x85x"]),  # only \n ends a line
    ],
)
def test_lines(tmp_path, content, lines):
    (tmp_path / "a.txt").write_bytes(content)
    assert list(read_lines(tmp_path / "a.txt")) == lines


@pytest.mark.parametrize("suffix", COMPRESSORS)
def test_compressed_text_equals_plain_text(tmp_path, suffix):
    compress = COMPRESSORS[suffix]
    half = TEXT.index(b"\nLine 2500") + 1
    (tmp_path / f"whole{suffix}").write_bytes(compress(TEXT))
    (tmp_path / "in-two-streams-under-another-name").write_bytes(
        compress(TEXT[:half]) + compress(TEXT[half:]) + bytes(8)
    )
    for path in tmp_path.iterdir():
        assert list(read_lines(path)) == LINES


@pytest.mark.parametrize("suffix", COMPRESSORS)
@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: data[:60] + b"damage" + data[66:]])
def test_damaged_compressed_text(tmp_path, suffix, damage):
    path = tmp_path / f"text{suffix}"
    path.write_bytes(damage(COMPRESSORS[suffix](TEXT)))
    with pytest.raises(FormatError, match=f"text{suffix} (is cut off|cannot be decompressed)"):
        list(read_lines(path))


def test_stdin(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TEXT))))
    assert list(read_lines("-")) == LINES


def test_closed_stdin(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="cannot read stdin: it is closed"):
        list(read_lines("-"))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_a_failure_in_the_middle_of_reading():
    with pytest.raises(InputError, match="cannot read /proc/self/mem: Input/output error"):
        list(read_lines("/proc/self/mem"))


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_an_undecodable_byte_is_named_by_file_and_offset(tmp_path, compress):
    bad = TEXT + b"\n\xef\xbb\xbfno \xffgood"
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "b.txt").write_bytes(compress(bad))
    with pytest.raises(InputError, match=rf"b.txt: byte 0xff at offset {len(bad) - 5} is not UTF-8"):
        list(read_lines([tmp_path / "a.txt", tmp_path / "b.txt"]))


def test_undecodable_bytes_are_counted(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a\xffb \xef\xbf\xbd\n\xfe\n")
    with pytest.warns(UserWarning, match="2 undecodable places"):
        lines = list(read_lines(tmp_path / "a.txt", encoding_errors="replace"))
    assert lines == ["a\ufffdb \ufffd", "\ufffd"]


def test_unknown_treatment_of_undecodable_bytes(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a")
    with pytest.raises(InputError, match="encoding_errors must be 'strict' or 'replace', got 'ignore'"):
        list(read_lines(tmp_path / "a.txt", encoding_errors="ignore"))


def test_long_lines_cross_chunks(tmp_path):
    long = "word " * 60_000
    (tmp_path / "a.txt").write_text(f"{long}\nshort\n{long}")
    assert [len(line) for line in read_lines(tmp_path / "a.txt")] == [300_000, 5, 300_000]


def test_lines_longer_than_a_block_are_whole(tmp_path):
    long = "word\t" * 5_000_000
    (tmp_path / "a.txt").write_text(f"short\n{long}\n\nshort")
    assert list(read_lines(tmp_path / "a.txt")) == ["short", long, "short"]

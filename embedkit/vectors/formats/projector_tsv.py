"""The TensorBoard projector's pair of files: vectors, numbers between tabs, and metadata, the words.

Metadata of one column are words, a line each, without a header; those of several begin with a header, and the
column "word", "label" or the first one is taken. Read are `vectors.tsv` beside `metadata.tsv`, and any file
with its metadata under the name in which "metadata" stands for "vectors" or "tensor".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np

from embedkit.arrays import Longs1d
from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats import stream
from embedkit.vectors.formats.contents import VectorContents
from embedkit.vectors.formats.row_checks import checked_rows
from embedkit.vectors.formats.stream import LineBlock
from embedkit.vectors.formats.text_checks import field_sample, is_number
from embedkit.vectors.formats.text_rows import check_words, decode_words, read_rows, write_rows

VECTORS, METADATA = ("vectors.tsv", "tensors.tsv", "tensor.tsv"), "metadata.tsv"
PLACE = re.compile("vectors?|tensors?|embeddings?", re.IGNORECASE)
WORDS, COUNTS = ("word", "words", "label", "token", "text"), ("count", "counts", "frequency")
WORD = re.compile(r"\S([^\t\r\n]*\S)?")
ROWS = 1 << 14  # written at once
ADVICE = "save as safetensors instead"


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with lines of nothing but numbers between tabs, equally many."""
    lines = [line.rstrip(b"\r").split(b"\t") for line in head.split(b"\n", 4)[:4] if line.strip()]
    if len(head) == stream.HEAD and len(lines) > 1:
        lines.pop()  # it may be cut
    if not lines or len({len(fields) for fields in lines}) > 1 or len(lines[0]) == 1:
        return False
    cells = [cell for fields in lines for cell in fields]
    words = all(fields[0].isdigit() for fields in lines) and not all(map(bytes.isdigit, cells))
    return not words and all(map(is_number, cells))


def matches_folder(path: Path) -> bool:
    """Tell whether a folder holds the two files."""
    return path.is_dir() and (path / METADATA).is_file() and _vectors_in(path) is not None


def metadata_path(vectors: Path) -> Path:
    """Where the words of a file of vectors are."""
    name, replaced = PLACE.subn("metadata", vectors.stem, count=1)
    return vectors.with_name((name if replaced else f"{name}.metadata") + vectors.suffix)


def metadata_places(vectors: Path) -> list[Path]:
    """Where the words of a file of vectors are looked for."""
    return [metadata_path(vectors), vectors.with_name(METADATA)]


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of a file of vectors, or of the one in a folder, and their words.

    Raises:
        FormatError: a line holds something else than the others, or there are no words beside the file, or
            more or fewer of them.
    """
    file = (_vectors_in(path) or path) if path.is_dir() else path
    places = metadata_places(file)
    beside = next((place for place in places if place.is_file()), None)
    if beside is None:
        names = " or ".join(dict.fromkeys(place.name for place in places))
        raise FormatError(
            f"{file}: expected its words in {names} beside it, got numbers alone, without words"
        )
    sample = field_sample(stream.head(file))
    if not sample:
        raise FormatError(f"{file}: expected lines of numbers between tabs, got none")
    _, matrix = read_rows(_with_words(stream.line_blocks(file)), len(sample[0]), file, spaces=False)
    words, counts = _metadata(beside, len(matrix))
    contents = VectorContents(words, matrix, counts)
    return checked_rows(contents, f"{file} with {beside.name}", skip_bad_rows, limit)


def write(path: Path, contents: VectorContents) -> None:
    """Write the vectors to `path`, and their words, with counts if they are known, beside it.

    Raises:
        InputError: a word that a line of metadata cannot hold.
    """
    check_words(contents.words, WORD, "metadata of the projector", ADVICE)
    lines: Sequence[str] = contents.words
    if contents.counts is not None:
        pairs = zip(contents.words, contents.counts.tolist(), strict=True)
        lines = ["word\tcount", *(f"{word}\t{count}" for word, count in pairs)]
    with atomic_file(metadata_path(path)) as file:
        file.write("".join(f"{line}\n" for line in lines).encode())
    with atomic_file(path) as file:
        for start in range(0, len(contents.words), ROWS):
            matrix = contents.matrix[start : start + ROWS]
            file.write(_between_tabs(replace(contents, words=[""] * len(matrix), matrix=matrix)))


def _between_tabs(contents: VectorContents) -> bytes:
    """Lines of numbers between tabs; the words of the contents are empty."""
    lines = BytesIO()
    write_rows(lines, contents)
    return lines.getvalue()[1:].replace(b"\n ", b"\n").replace(b" ", b"\t")


def _vectors_in(folder: Path) -> Path | None:
    """The file of vectors in a folder."""
    return next((folder / name for name in VECTORS if (folder / name).is_file()), None)


def _with_words(blocks: Iterator[LineBlock]) -> Iterator[LineBlock]:
    """Lines of numbers with a word in front of each, as rows of text have one."""
    for data, line in blocks:
        lines = data.removesuffix(b"\n").replace(b"\n", b"\n0\t")
        yield LineBlock(b"0\t" + lines + b"\n", line)


def _metadata(path: Path, rows: int) -> tuple[list[str], Longs1d | None]:
    """The words in a file of metadata for so many rows, and their counts if it has them."""
    text = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    lines = [line.removesuffix(b"\r") for line in text.removesuffix(b"\n").split(b"\n")]
    header = lines.pop(0).split(b"\t") if len(lines) == rows + 1 else []
    names = [name.decode(errors="replace").strip().lower() for name in header]
    word = next((names.index(name) for name in WORDS if name in names), 0)
    count = next((names.index(name) for name in COUNTS if name in names), None)
    table = [line.split(b"\t") for line in lines]
    odd = next((row for row, cells in enumerate(table) if len(cells) <= max(word, count or 0)), None)
    if odd is not None:
        raise FormatError(
            f"{path}, line {odd + 1 + bool(header)}: expected {len(header)} fields, got {len(table[odd])}"
        )
    words = decode_words([cells[word] for cells in table], path)
    told = [cells[count] for cells in table] if count is not None else [b""]
    counted = all(cell.isdigit() and len(cell) < 19 for cell in told)
    return words, np.array(list(map(int, told)), np.int64) if counted else None

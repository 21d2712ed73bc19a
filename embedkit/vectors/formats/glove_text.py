"""GloVe text: one line a word, no header; a word may hold spaces, so lines are read from the right."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.files import atomic_file
from embedkit.vectors.formats import stream, word2vec_header
from embedkit.vectors.formats.contents import VectorContents, first_of_each
from embedkit.vectors.formats.text_rows import (
    check_words,
    is_number,
    read_rows,
    trailing_numbers,
    usual_size,
    write_rows,
)

WORD = re.compile(r"\S([^\r\n]*\S)?", re.ASCII)
ADVICE = "save as safetensors instead"
SAMPLE = 64  # lines by which the number of dimensions is told


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with a line that ends in numbers; a single one after a tab is a count."""
    line = head.partition(b"\n")[0]
    return trailing_numbers(line.split()) > (0 if b" " in line else 1)


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of `path`; of a repeated word, the first row is kept.

    The number of dimensions is the one that most of the first lines have. Blank lines are skipped.

    Raises:
        FormatError: a line has fewer numbers than the others; with `skip_bad_rows` such lines are left out.
    """
    head = stream.head(path)
    if len(head) == stream.HEAD:  # what is left of the last line is none
        head = head.rpartition(b"\n")[0]
        if not head:
            raise FormatError(f"{path}: expected lines of vectors, got one of {stream.HEAD:,} bytes or more")
    sample = _sample(head)
    size = usual_size(sample)
    if not size:
        raise FormatError(f"{path}: expected lines of a word and its numbers, got none")
    if problem := _no_vectors(sample, size):
        raise FormatError(f"{path}: expected lines of a word and its vector, got {problem}")
    words, matrix = read_rows(stream.line_blocks(path), size, path, True, limit, skip_bad_rows)
    return first_of_each(words, matrix, str(path))


def _sample(head: bytes) -> list[list[bytes]]:
    """The fields of the first lines."""
    return [line.split() for line in head.split(b"\n")[:SAMPLE] if line.strip()]


def _no_vectors(lines: Sequence[Sequence[bytes]], size: int) -> str | None:
    """What lines of fields are that look like words with vectors, and are something else."""
    if size == 1 and all(fields[-1].isdigit() for fields in lines):
        return "words with one whole number each: these are counts, as of a vocabulary, and no vectors"
    firsts = [fields[0] for fields in lines]
    if len(lines) > 1 and all(map(is_number, firsts)) and not all(map(bytes.isdigit, firsts)):
        return "numbers alone, without words"
    return None


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`; counts and metadata have no place in this format."""
    check_words(contents.words, WORD, "GloVe text", ADVICE)
    _check_readable(contents)
    with atomic_file(path) as file:
        if contents.words[0].startswith("\ufeff"):  # of two byte order marks, one is read as such
            file.write(BOM_UTF8)
        write_rows(file, contents)


def _check_readable(contents: VectorContents) -> None:
    """Raise `InputError` if words that are numbers, or end in some, would be read as parts of vectors."""
    first, size = BytesIO(), contents.matrix.shape[1]
    write_rows(first, replace(contents, words=contents.words[:SAMPLE], matrix=contents.matrix[:SAMPLE]))
    sample = _sample(first.getvalue())
    if usual_size(sample) != size or _no_vectors(sample, size) or word2vec_header.find(first.getvalue()):
        raise InputError(
            f"GloVe text cannot hold these words, such as {contents.words[0]!r}, which would be read as "
            f"numbers of vectors; {ADVICE}"
        )

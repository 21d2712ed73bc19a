"""GloVe text: one line a word, no header; a word may hold spaces, so lines are read from the right."""

from __future__ import annotations

import re
from pathlib import Path

from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats import stream
from embedkit.vectors.formats.contents import VectorContents, first_of_each
from embedkit.vectors.formats.text_rows import (
    check_words,
    read_rows,
    trailing_numbers,
    usual_size,
    write_rows,
)

WORD = re.compile(r"\S([^\r\n]*\S)?", re.ASCII)
SAMPLE = 64  # lines by which the number of dimensions is told


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with a line that ends in numbers; a single one after a tab is a count."""
    line = head.partition(b"\n")[0]
    return trailing_numbers(line) > (0 if b" " in line else 1)


def read(path: Path, limit: int | None = None) -> VectorContents:
    """Read the first `limit` rows of `path`; of a repeated word, the first row is kept.

    The number of dimensions is the one that most of the first lines have. Blank lines are skipped.

    Raises:
        FormatError: a line has fewer numbers than the others.
    """
    size = usual_size(stream.head(path).split(b"\n")[:SAMPLE])
    if not size:
        raise FormatError(f"{path}: expected lines of a word and its numbers, got none")
    words, matrix = read_rows(stream.line_blocks(path), size, path, spaces=True, limit=limit)
    return first_of_each(words, matrix, str(path))


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`; counts and metadata have no place in this format."""
    check_words(contents.words, WORD, "GloVe text", "save as safetensors instead")
    with atomic_file(path) as file:
        write_rows(file, contents)

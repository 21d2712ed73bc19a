"""GloVe text: one line a word, no header; a word may hold spaces, so lines are read from the right."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.vectors.formats import stream, word2vec_header
from embedkit.vectors.formats.compressed_writing import compressible_file
from embedkit.vectors.formats.contents import VectorContents, first_of_each
from embedkit.vectors.formats.text_checks import (
    ENTRY,
    field_sample,
    has_negative_header,
    no_vectors,
    trailing_numbers,
    usual_size,
)
from embedkit.vectors.formats.text_rows import check_words, first_rows, read_rows, write_rows

WORD = re.compile(r"\S([^\r\n]*\S)?", re.ASCII)
ADVICE = "save as safetensors instead"


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with a line that ends in numbers; a single one after a tab is a count.

    Another line may stand above lines that all end in equally many, more than one: it is told as a bad row.
    """
    line, *others = head.split(b"\n", 4)[:4]
    if trailing_numbers(line.split()) > (0 if b" " in line else 1):
        return True
    sizes = [trailing_numbers(other.split()) for other in others if other.strip()]
    return len(sizes) > 1 and min(sizes) == max(sizes) > 1


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
    sample = field_sample(head)
    if has_negative_header(sample) and not skip_bad_rows:
        header = b" ".join(sample[0])
        raise FormatError(
            f"{path}, line 1: got {header!r}; a first line of word2vec would be two whole numbers above 0"
        )
    size = usual_size(sample)
    if not size:
        raise FormatError(f"{path}: expected lines of a word and its numbers, got none")
    if problem := no_vectors(sample, size):
        raise FormatError(f"{path}: expected lines of a word and its vector, got {problem}")
    if size == 1:
        raise FormatError(
            f"{path}: expected lines of a word and its vector, got one number each: weights of words, "
            "perhaps; if they are vectors of one dimension, say so in a first line of word2vec"
        )
    words, matrix = read_rows(stream.line_blocks(path), size, path, True, limit, skip_bad_rows)
    return first_of_each(words, matrix, str(path))


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`; counts and metadata have no place in this format."""
    check_words(contents.words, WORD, "GloVe text", ADVICE)
    _check_readable(contents)
    with compressible_file(path) as file:
        if contents.words[0].startswith("\ufeff"):  # of two byte order marks, one is read as such
            file.write(BOM_UTF8)
        write_rows(file, contents)


def _check_readable(contents: VectorContents) -> None:
    """Raise `InputError` if words that are numbers, or end in some, would be read as parts of vectors."""
    first, size = first_rows(contents), contents.matrix.shape[1]
    if size == 1:
        raise InputError(f"GloVe text holds no vectors of one dimension; {ADVICE}")
    if misread := next(
        (word for word in contents.words if "." in word and ENTRY.search(word.encode())), None
    ):
        raise InputError(f"GloVe text cannot hold the word {misread!r}, which ends like a vector; {ADVICE}")
    sample = field_sample(first)
    if usual_size(sample) != size or no_vectors(sample, size) or word2vec_header.find(first):
        raise InputError(
            f"GloVe text cannot hold these words, such as {contents.words[0]!r}, which would be read as "
            f"numbers of vectors; {ADVICE}"
        )

"""word2vec binary: a first line `V D`, then for each word its bytes, a space and D little-endian float32.

word2vec.c ends each record with a newline, gensim does not; both are read, gensim's form is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from embedkit.errors import FormatError
from embedkit.files import atomic_file
from embedkit.vectors.formats import stream, word2vec_header
from embedkit.vectors.formats.contents import VectorContents, first_of_each
from embedkit.vectors.formats.text_rows import check_words, decode_words


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with the header and goes on as raw floats."""
    header = word2vec_header.find(head)
    return header is not None and not word2vec_header.text_follows(head, header)


def read(path: Path, limit: int | None = None) -> VectorContents:
    """Read the first `limit` rows of `path`; of a repeated word, the first row is kept.

    Raises:
        FormatError: the file is cut off, or goes on after the rows its header promises.
    """
    header = word2vec_header.expect(stream.head(path), path)
    wanted = header.rows if limit is None else min(header.rows, limit)
    words, vectors = [], bytearray()
    records = _records(_skip(stream.content(path), header.end), 4 * header.size)
    for word, vector in islice(records, wanted):
        words.append(word)
        vectors += vector
    if wanted == header.rows and next(records, None):
        raise FormatError(f"{path}: the header promises {header.rows} words, got more: the header is wrong")
    matrix = np.frombuffer(vectors, "<f4")
    word2vec_header.check_rows(len(matrix) // header.size, header, limit, path)
    return first_of_each(decode_words(words, path), matrix.reshape(-1, header.size), str(path))


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`; counts and metadata have no place in this format."""
    check_words(contents.words, word2vec_header.WORD, "word2vec binary", word2vec_header.ADVICE)
    matrix = np.ascontiguousarray(contents.matrix, "<f4")
    with atomic_file(path) as file:
        file.write(b"%d %d\n" % matrix.shape)
        file.writelines(
            word.encode() + b" " + row.tobytes() for word, row in zip(contents.words, matrix, strict=True)
        )


def _records(chunks: Iterable[bytes], width: int) -> Iterator[tuple[bytes, bytes | bytearray]]:
    """Words and the `width` bytes of their vectors; of a last record that is cut, what there is."""
    buffer = bytearray()  # grows and is cut at its front in place: a record may span any number of chunks
    for chunk in chunks:
        buffer += chunk
        at = 0
        while (space := buffer.find(b" ", at)) >= 0 and (end := space + 1 + width) <= len(buffer):
            yield bytes(buffer[at:space].lstrip(b"\n")), buffer[space + 1 : end]
            at = end
        del buffer[:at]
    if rest := bytes(buffer.strip(b"\r\n")):
        yield rest, b""


def _skip(chunks: Iterable[bytes], count: int) -> Iterator[bytes]:
    """The chunks without their first `count` bytes."""
    for chunk in chunks:
        yield chunk[count:]
        count = max(0, count - len(chunk))

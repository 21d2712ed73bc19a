"""word2vec text: a first line `V D`, then one line a word: `word number ... number`.

Stanford's GloVe program, asked for a header, leaves its last line, the vector of `<unk>`, out of V.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from embedkit.errors import FormatError, InputError
from embedkit.vectors.formats import stream, word2vec_header
from embedkit.vectors.formats.compressed_writing import compressible_file
from embedkit.vectors.formats.contents import VectorContents, first_of_each
from embedkit.vectors.formats.stream import LineBlock
from embedkit.vectors.formats.text_checks import field_sample, no_vectors
from embedkit.vectors.formats.text_rows import check_words, first_rows, read_rows, write_rows

UNCOUNTED = "<unk>"  # may stand in a last line that the header does not count


def matches(head: bytes) -> bool:
    """Tell whether `head` begins with the header and goes on as text."""
    header = word2vec_header.find(head)
    return header is not None and word2vec_header.text_follows(head, header)


def read(path: Path, limit: int | None = None, skip_bad_rows: bool = False) -> VectorContents:
    """Read the first `limit` rows of `path`; of a repeated word, the first row is kept.

    Raises:
        FormatError: a line has not D + 1 fields, or there are more or fewer lines than the header says;
            with `skip_bad_rows` such lines are left out, and V is not believed.
    """
    head = stream.head(path)
    header = word2vec_header.expect(head, path)
    sample = field_sample(head[header.end :])
    if problem := no_vectors(sample, header.size):
        raise FormatError(f"{path}: expected lines of a word and its vector, got {problem}")
    widths = {len(fields) for fields in sample}
    if len(sample) > 1 and len(widths) == 1 and header.size + 1 not in widths:
        raise FormatError(
            f"{path}, line 2: expected a word and {header.size} numbers, got {widths.pop()} fields, as in "
            "the lines below: the header is wrong; mend it, or leave it out"
        )
    words, matrix = read_rows(_body(path), header.size, path, False, limit, skip_bad_rows)
    uncounted = limit is None and len(words) == header.rows + 1 and words[-1] == UNCOUNTED
    if not uncounted:
        word2vec_header.check_rows(len(words), header, limit, path, skip_bad_rows)
    return first_of_each(words, matrix, str(path))


def write(path: Path, contents: VectorContents) -> None:
    """Write `contents` to `path`; counts and metadata have no place in this format."""
    check_words(contents.words, word2vec_header.WORD, "word2vec text", word2vec_header.ADVICE)
    if problem := no_vectors(field_sample(first_rows(contents)), contents.matrix.shape[1]):
        raise InputError(f"as word2vec text these vectors would be read as {problem}; save as safetensors")
    with compressible_file(path) as file:
        file.write(b"%d %d\n" % contents.matrix.shape)
        write_rows(file, contents)


def _body(path: Path) -> Iterator[LineBlock]:
    """The blocks of `path` without its first line."""
    blocks = stream.line_blocks(path)
    yield LineBlock(next(blocks).data.partition(b"\n")[2], 2)
    yield from blocks

r"""Blocks of text: the units of work that are tokenized in parallel.

A block ends with a line, unless that line is very long: then the block ends before white space inside it, and
the next one goes on with the same line. Memory holds one block, however long the lines are; only a run of
text without any blank (space, tab or line end) is never parted, held as a whole, and refused if endless.

Text is UTF-8; a byte order mark that begins a line is dropped, and \r\n ends a line as \n does. Labels in
fastText's format are no words of a line, and left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from embedkit.errors import FormatError, InputError
from embedkit.files import LONGEST
from embedkit.text.formats.encodings import (
    BYTE_ORDER_MARK,
    REPLACEMENT,
    SAMPLE,
    likely_encoding,
    naming_advice,
)
from embedkit.text.formats.sources import Source
from embedkit.text.label_words import without_labels
from embedkit.text.reading.text_reader import TextReader
from embedkit.text.sentences import sentence_lines

BLOCK = 1 << 24  # bytes of text encoded at once; a shard of a corpus is one block

_BLANK = re.compile(rb"\n|(?=[ \t])")  # its end is where a line may be parted: never before a byte order mark


@dataclass(frozen=True)
class TextBlock:
    """Lines, of one source or several; the first and the last may be parts of a line.

    `starts` says where each source's part begins: (position in `data`, name of the source, offset of that
    position in the decompressed source). `line` is the number of the first line, counted over all sources.
    """

    data: bytes
    starts: tuple[tuple[int, str, int], ...]
    line: int

    def lines(self, encoding_errors: str = "strict") -> tuple[list[str], int]:
        r"""The lines without their ends, and the number of undecodable places that were replaced.

        What follows the last \n is the last line, empty if the block ends with a line.
        """
        try:
            text, replaced = self.data.decode(errors=encoding_errors), 0
        except UnicodeDecodeError as error:
            raise self.undecodable(error.start) from None
        if encoding_errors == "replace":
            replaced = text.count(REPLACEMENT) - self.data.count(REPLACEMENT.encode())
        text = text.replace("\r\n", "\n").replace(f"\n{BYTE_ORDER_MARK}", "\n").removeprefix(BYTE_ORDER_MARK)
        return without_labels(text).split("\n"), replaced

    def first_lines(self) -> dict[int, str]:
        """The names of the sources that begin in the block, by their first lines, counted from 0 in it."""
        first: dict[int, str] = {}
        line = before = 0
        for start, name, offset in self.starts:
            line, before = line + self.data.count(b"\n", before, start), start
            if offset == 0:
                first[line] = name
        return first

    def with_sentences(self, encoding_errors: str) -> tuple[TextBlock, int]:
        """The block with a line for each sentence, and the number of undecodable places that were replaced.

        Its lines are counted by themselves: a sentence that goes on in the next block becomes two.
        """
        lines, replaced = self.lines(encoding_errors)
        data = sentence_lines("\n".join(lines)).encode()
        return TextBlock(data, ((0, self.starts[0][1], 0),), self.line << 32), replaced

    def undecodable(self, position: int) -> InputError:
        """The error that tells of a byte which is not UTF-8."""
        start, name, offset = self.starts[bisect_right(self.starts, position, key=lambda start: start[0]) - 1]
        place = f"{name}: byte 0x{self.data[position]:02x} at offset {offset + position - start}"
        around = self.data[max(0, position - SAMPLE // 2) : position + SAMPLE // 2]
        advice = naming_advice(around, "utf-8")
        if likely_encoding(around) == "utf-8":
            advice += ", or read it with encoding errors 'replace' (--encoding-errors replace)"
        return InputError(f"{place} is not UTF-8; {advice}")


def read_blocks(
    sources: Iterable[Source], block_bytes: int = BLOCK, reader: TextReader | None = None
) -> Iterator[TextBlock]:
    """The text of all sources in blocks.

    A block ends with the first line that makes it `block_bytes` long or longer, unless that line makes it
    longer by more than a sixteenth: then it ends before the first blank from there on. Where blocks end is
    decided by the text alone. The last line of a source ends there, with or without a line end. A `reader`
    knows how texts are found in sources; members of an archive are sources of their own.

    Raises:
        FormatError: text without a blank that fills a block and `LONGEST` bytes more.
    """
    data = bytearray()
    starts: list[tuple[int, str, int]] = []
    line = 0
    for name, offset, chunk in _placed(sources, reader or TextReader()):
        if offset == 0:
            starts.append((len(data), name, 0))
        data += chunk
        while (end := _end(data, len(data) - len(chunk), block_bytes)) > 0:
            with memoryview(data) as view:  # a slice of `data` would be a copy more
                block = TextBlock(bytes(view[:end]), tuple(starts), line)
            yield block
            line += block.data.count(b"\n")
            del data[:end]
            starts = [(0, name, offset + len(chunk) - len(data))]
        if len(data) > block_bytes + LONGEST:
            raise FormatError(
                f"{name}: expected words, got {LONGEST:,} bytes without a blank or a line end; give text, or "
                "break it into lines"
            )
    if data:
        yield TextBlock(bytes(data), tuple(starts), line)


def _end(data: bytearray, searched: int, block_bytes: int) -> int:
    """Where the block that begins `data` ends, which is not in the part searched before; 0 if it goes on."""
    limit = block_bytes + block_bytes // 16
    if end := data.find(b"\n", max(block_bytes - 1, searched), limit) + 1:
        return end
    blank = _BLANK.search(data, max(limit, searched))
    return blank.end() if blank else 0


def _placed(sources: Iterable[Source], reader: TextReader) -> Iterator[tuple[str, int, bytes]]:
    """(name, offset, chunk) over all sources; a line end is added to a source that lacks its last one."""
    for name, text in chain.from_iterable(map(reader.parts, sources)):
        offset = 0
        last = b"\n"
        for chunk in filter(None, text):
            yield name, offset, chunk
            offset += len(chunk)
            last = chunk[-1:]
        if last != b"\n":
            yield name, offset, b"\n"

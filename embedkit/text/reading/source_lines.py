"""`SourceLine`: texts with the places that they stand at, of files of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from embedkit.progress import SILENT, Progress
from embedkit.text.reading.blocks import read_blocks
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.text_reader import TextReader
from embedkit.text.reading.texts_in_memory import Sources, open_sources
from embedkit.text.sentences import split_sentences


class SourceLine(NamedTuple):
    """A text, the file that it stands in, and its line there or, in a table, its row; both count from 1."""

    source: str
    number: int
    text: str


def source_lines(
    sources: Sources,
    reading: Reading | None = None,
    progress: Progress = SILENT,
    encoding_errors: str = "strict",
) -> Iterator[SourceLine]:
    """The texts of sources that hold more than white space, one by one, as `TextReader` finds them.

    A member of an archive is a source of its own. Rows of tables are counted without the header and without
    those that cannot be read. With `documents="sentences"` each sentence of a text is one.

    Example:
        >>> from embedkit import Texts
        >>> [line.number for line in source_lines(Texts(["A film.", " ", "A fine one."]))]
        [1, 3]
    """
    reader = TextReader(reading, encoding_errors, progress)
    sentences = reading is not None and reading.documents == "sentences"
    source, number, begun = "", 0, ""
    first: dict[int, str] = {}
    for block in read_blocks(open_sources(sources), reader=reader):
        first |= block.first_lines()
        lines, _ = block.lines(encoding_errors)
        lines[0] = begun + lines[0]
        begun = lines.pop()
        for place, text in enumerate(lines):
            if place in first:
                source, number = first[place], 0
            number += 1
            for part in split_sentences(text) if sentences else [text]:
                if part.strip():
                    yield SourceLine(source, number, part)
        first = {0: first[len(lines)]} if len(lines) in first else {}  # of a line that the next block ends
    reader.warn_of_unused_column()

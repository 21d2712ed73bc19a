"""Lines of text, decoded as UTF-8 by an error policy."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from embedkit.errors import InputError
from embedkit.progress import SILENT, Progress
from embedkit.text.formats.encodings import REPLACEMENT
from embedkit.text.reading.blocks import read_blocks
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.text_reader import TextReader
from embedkit.text.reading.texts_in_memory import Sources, open_sources

ENCODING_ERRORS = ("strict", "replace")


def read_lines(
    sources: Sources,
    *,
    encoding_errors: str = "strict",
    reading: Reading | None = None,
    blank_lines: bool = False,
    progress: Progress = SILENT,
) -> Iterator[str]:
    """The lines of all sources, one by one, each as a whole; those of white space alone only if asked for.

    The columns that texts come from are noted by `progress`.
    """
    check_encoding_errors(encoding_errors)
    reader = TextReader(reading, encoding_errors, progress)
    replaced, begun = 0, ""
    for block in read_blocks(open_sources(sources), reader=reader):
        lines, bad = block.lines(encoding_errors)
        replaced += bad
        lines[0] = begun + lines[0]
        begun = lines.pop()
        yield from lines if blank_lines else filter(str.strip, lines)
    warn_of_replaced(replaced)
    reader.warn_of_unused_column()


def check_encoding_errors(encoding_errors: str) -> None:
    """Raise `InputError` for a treatment of undecodable bytes that embedkit does not know."""
    if encoding_errors not in ENCODING_ERRORS:
        raise InputError(f"encoding_errors must be 'strict' or 'replace', got {encoding_errors!r}")


def warn_of_replaced(replaced: int) -> None:
    """Warn if anything was replaced."""
    if replaced:
        message = f"{replaced} undecodable places of the text were replaced by {REPLACEMENT}"
        warnings.warn(message, UserWarning, stacklevel=3)

"""`TextReader`: the texts in files of every kind as UTF-8, a document a line."""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

from embedkit.errors import FormatError
from embedkit.progress import SILENT, Progress
from embedkit.text.datasets.bad_rows import BadRows
from embedkit.text.datasets.columns import Columns
from embedkit.text.datasets.tables import suffix_of
from embedkit.text.formats.archives import FileContent, contents
from embedkit.text.formats.compression import first_bytes
from embedkit.text.formats.file_signatures import PARQUET, is_kind
from embedkit.text.formats.sources import Source
from embedkit.text.formats.transcoding import utf8_text
from embedkit.text.reading.file_reading import Reading
from embedkit.text.reading.structured import HEAD, check_form, table_kind
from embedkit.text.reading.table_texts import Say, line_table_texts, parquet_texts
from embedkit.text.reading.texts_in_memory import TextsSource

LENIENT = "leave --strict out to pass over such rows"
MAX_COPY = 1 << 36  # bytes of a parquet table that is copied to the disk, as it is read from its end


class TextReader:
    """Reads text files, tables and archives of both, and tells from which columns texts come.

    Args:
        reading: how texts are found in files.
        encoding_errors: "strict" refuses bytes that are not in the encoding; "replace" passes them on as
            bytes that are not UTF-8.
        progress: where columns, and members of archives that are left out, are noted.
    """

    def __init__(
        self, reading: Reading | None = None, encoding_errors: str = "strict", progress: Progress = SILENT
    ) -> None:
        self.reading = reading or Reading()
        self.encoding_errors = encoding_errors
        self._progress = progress
        self._said: set[str] = set()

    def parts(self, source: Source) -> Iterator[tuple[str, Iterator[bytes]]]:
        """(name, text in chunks) of a source or, if it is an archive, of each member in turn.

        Raises:
            InputError: a table without a column of texts, or without the one that was named; markup and
                vectors.
            FormatError: what is no text, or damaged.
        """
        if isinstance(source, TextsSource):
            yield source.name, source.lines(self.reading, partial(self._say, source))
            return
        for content in contents(source):
            yield content.name, self._texts_in(content, partial(self._say, source))
        if source.left_out:
            count = len(source.left_out)
            others = "1 file was" if count == 1 else f"{count:,} files were"
            self._note(
                f"{source.name}: {others} left out as neither text nor table, such as {source.left_out[0]}"
            )

    def warn_of_unused_column(self) -> None:
        """Warn if a column was named and no table has been read."""
        if self.reading.text_column is not None and not self._said:
            column = f"the column {self.reading.text_column!r}"
            message = f"{column} was named, but no table was read: every line of the text is a document"
            warnings.warn(message, UserWarning, stacklevel=3)

    def _texts_in(self, content: FileContent, say: Say) -> Iterator[bytes]:
        head, chunks = first_bytes(content.chunks, HEAD)
        if is_kind(PARQUET, head) or (content.named and suffix_of(content.named) == ".parquet"):
            bad = BadRows(content.name, not self.reading.strict, LENIENT, unit=("row", "row"))
            file = content.file or _copied(chunks, content.name)
            yield from parquet_texts(file, bad, self.reading, say)
            deque(chunks, maxlen=0)
            return
        text = utf8_text(chunks, self.reading.encoding, content.name, self.encoding_errors)
        head, text = first_bytes(text, HEAD)
        kind = table_kind(content.named, head, self.reading.text_column is not None)
        if kind:
            bad = BadRows(content.name, not self.reading.strict, LENIENT)
            replace = self.encoding_errors == "replace"
            yield from line_table_texts(kind, text, head, replace, bad, self.reading, say)
        else:
            check_form(content.name, content.named, head)
            yield from text

    def _say(self, source: Source, name: str, columns: Columns) -> None:
        """Keep and note where texts come from, but for what was said already of another file."""
        column = columns.names[columns.text]
        if column not in source.columns:
            source.columns.append(column)
        if column not in self._said:
            self._said.add(column)
            self._note(f"{name}: {columns}")

    def _note(self, message: str) -> None:
        """Note a message with names of files, whose control characters are escaped."""
        signs = (sign if sign.isprintable() else ascii(sign)[1:-1] for sign in message)
        self._progress.note("".join(signs))


def check_sources(sources: Iterable[Source], reader: TextReader) -> None:
    """Raise, before any source is read on, for one that cannot be read, as far as its beginning tells."""
    beginning = TextReader(reader.reading, reader.encoding_errors)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they come when the file is read
        for source in sources:
            if source.path and source.size is not None:
                for _, text in islice(beginning.parts(Source(source.path)), 1):
                    next(text, None)


def _copied(chunks: Iterator[bytes], name: str) -> IO[bytes]:
    """A nameless file with the content of `chunks`."""
    stream = TemporaryFile()  # noqa: SIM115 - read later
    for chunk in chunks:
        stream.write(chunk)
        if stream.tell() > MAX_COPY:
            raise FormatError(f"{name}: expected a table of at most {MAX_COPY:,} bytes, got a larger one")
    return stream

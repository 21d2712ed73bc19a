"""Text in any encoding as UTF-8, transcoded while it streams: UTF-16 and EBCDIC as well as Windows-1252."""

from __future__ import annotations

import codecs
import warnings
from collections.abc import Iterable, Iterator
from itertools import chain

from embedkit.errors import FormatError
from embedkit.text.formats.compression import first_bytes
from embedkit.text.formats.encodings import (
    SAMPLE,
    has_own_line_end,
    known_encoding,
    naming_advice,
    utf8_beginning,
)
from embedkit.text.formats.file_signatures import HEAD, MARKS, only_text

ERRORS = {"strict": "strict", "replace": "embedkit.mark_undecodable"}
_UNDECODABLE = "\udcff"  # becomes the byte FF, which is never UTF-8: whoever decodes that counts such places


def _marked(error: UnicodeError) -> tuple[str, int]:
    """What codecs put in the place of bytes that cannot be decoded, and where they go on."""
    if isinstance(error, UnicodeDecodeError):
        return _UNDECODABLE, error.end
    raise error


codecs.register_error(ERRORS["replace"], _marked)


def utf8_text(
    chunks: Iterator[bytes], encoding: str, name: str, encoding_errors: str = "strict"
) -> Iterator[bytes]:
    """Text in `encoding` as UTF-8, in chunks; what is said to be UTF-8 passes as it is.

    Args:
        chunks: the content of a file, decompressed.
        encoding: any that Python knows.
        name: of the file.
        encoding_errors: "strict" refuses bytes that are not in this encoding, "replace" makes each such
            place a byte that is not UTF-8.

    Raises:
        InputError: there is no such encoding.
        FormatError: content that is no text, or not in this encoding.

    Example:
        >>> from embedkit.text.formats.transcoding import utf8_text
        >>> b"".join(utf8_text(iter(["caf\u00e9".encode("utf-16")]), "utf-16", "a.txt")).decode()
        'caf\u00e9'
    """
    encoding = known_encoding(encoding)
    if has_own_line_end(encoding):
        return only_text(
            _transcoded(_not_utf8(chunks, encoding, name), encoding, name, encoding_errors), name
        )
    head, text = first_bytes(only_text(chunks, name, named=True), HEAD)
    if encoding == "utf-8":
        return text
    if not (utf8_beginning(head) or "").isascii():
        message = f"{name} is read as {encoding}, and looks like UTF-8; if so, leave the encoding out"
        warnings.warn(message, UserWarning, stacklevel=2)
    return _transcoded(text, encoding, name, encoding_errors)


def _transcoded(chunks: Iterable[bytes], encoding: str, name: str, encoding_errors: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(ERRORS[encoding_errors])
    read = 0
    for chunk, last in chain(((chunk, False) for chunk in chunks), [(b"", True)]):
        begin = read - len(decoder.getstate()[0])
        read += len(chunk)
        try:
            text = decoder.decode(chunk, last)
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{name}: byte 0x{error.object[error.start]:02x} at offset {begin + error.start} is not "
                f"{encoding}; {naming_advice(error.object[:SAMPLE], encoding)}"
            ) from None
        except UnicodeError as error:
            raise FormatError(f"{name}: text that is not {encoding}: {error}") from None
        if text:
            yield text.encode(errors="surrogateescape")


def _not_utf8(chunks: Iterator[bytes], encoding: str, name: str) -> Iterator[bytes]:
    """The content as it is; `FormatError` if its beginning is UTF-8, of which UTF-16 makes other letters."""
    head, chunks = first_bytes(chunks, HEAD)
    wide = encoding.startswith(("utf-16", "utf-32")) and not any(map(head.startswith, MARKS))
    if wide and head and b"\0" not in head and utf8_beginning(head) is not None:
        raise FormatError(f"{name}: expected {encoding}, got UTF-8; leave the encoding out")
    return chunks

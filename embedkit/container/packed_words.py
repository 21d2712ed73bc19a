"""Words as one array of bytes: UTF-8, joined by newlines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from embedkit.arrays import Bytes1d
from embedkit.errors import FormatError, InputError

SURROGATE = re.compile("[\ud800-\udfff]")  # what UTF-8 has not
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def pack_words(words: Sequence[str]) -> Bytes1d:
    r"""Words as bytes; a backslash or newline inside one is written as `\\` or `\n`.

    Example:
        >>> pack_words(["an", "apple"]).tobytes()
        b'an\napple'
    """
    joined = "\n".join(words)
    if "\\" in joined or joined.count("\n") >= len(words):
        joined = "\n".join(word.replace("\\", r"\\").replace("\n", r"\n") for word in words)
    try:
        return np.frombuffer(joined.encode(), np.uint8)
    except UnicodeEncodeError:
        raise not_unicode(words) from None


def not_unicode(words: Iterable[str]) -> InputError:
    r"""The error of words that no file can hold, as one of them is no valid Unicode: it names the first.

    Example:
        >>> print(not_unicode(["fine", "half\ud83d"]))
        the word 'half\ud83d' is not valid Unicode and cannot be written
    """
    word = next(word for word in words if SURROGATE.search(word))
    return InputError(f"the word {word!r} is not valid Unicode and cannot be written")


def unpack_words(packed: Bytes1d | bytes, path: Path) -> list[str]:
    """The words that `pack_words` packed into the file `path`."""
    try:
        joined = bytes(packed).decode()
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{path}: expected words in UTF-8, got {error.reason} at byte {error.start}"
        ) from None
    words = joined.split("\n")
    return [ESCAPED.sub(_unescape, word) for word in words] if "\\" in joined else words


def _unescape(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else match[1]

"""Words as one array of bytes: UTF-8, joined by newlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from embedkit.arrays import Bytes1d
from embedkit.errors import FormatError, InputError

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
    except UnicodeEncodeError as error:
        raise InputError(f"a word holds {joined[error.start]!r}, which is no character of Unicode") from None


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
